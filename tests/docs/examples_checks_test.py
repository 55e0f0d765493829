#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The checks of examples_test.py find what is planted, and nothing in a README that is right."""

from __future__ import annotations

import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import examples_test as checks  # noqa: E402

licence = "// SPDX-License-Identifier: BSD-3-Clause\n"
c_example = licence + "int main(void) { return 0; }\n"
begin = "// [readme: the middle]\n"
end = "// [/readme]\n"
cpp_example = licence + "#include <a>\n" + begin + "void f() {}\n" + end + "int main() { f(); }\n"
examples = {"examples/a.c": c_example, "examples/b.cpp": cpp_example}
readme = """# Name

    ./dev demo      # does it
    ./dev test

```c
int main(void) { return 0; }
```

```cpp
void f() {}
```

More by `./dev bench --quick`, not by ./dev nonsense in a sentence.
"""
help_text = """usage: ./dev COMMAND
Sentences name no commands.
  demo   runs it
  test   tests it
  ./dev bench   measures
"""


class code(unittest.TestCase):
    def faults(self, text: str, files: dict[str, str] | None = None) -> str:
        return "\n".join(checks.check_code(text, files or examples))

    def test_right_readme_has_no_fault(self) -> None:
        self.assertEqual(self.faults(readme), "")

    def test_whole_file_with_its_licence_line_is_right(self) -> None:
        self.assertEqual(self.faults(readme.replace("int main", licence + "int main")), "")

    def test_changed_c_block_is_found(self) -> None:
        self.assertIn("no example has this c block", self.faults(readme.replace("return 0", "return 1")))

    def test_changed_blank_is_found(self) -> None:
        self.assertIn("no example has this cpp block", self.faults(readme.replace("f() {}", "f()  {}")))

    def test_changed_example_is_found(self) -> None:
        changed = examples | {"examples/b.cpp": cpp_example.replace("f() {}", "f() { g(); }")}
        found = self.faults(readme, changed)
        self.assertIn("does not show the part \"the middle\"", found)
        self.assertIn("no example has this cpp block", found)

    def test_part_of_a_file_without_markers_is_found(self) -> None:
        bare = cpp_example.replace("// [", "// (")
        self.assertIn("no example", self.faults(readme, examples | {"examples/b.cpp": bare}))

    def test_missing_blocks_are_found(self) -> None:
        found = self.faults("# Name\n")
        self.assertIn("no block marked c\n", found)
        self.assertIn("no block marked cpp", found)

    def test_markers_without_pair_are_found(self) -> None:
        nested = cpp_example.replace("void f() {}\n", "// [readme: again]\n")
        for broken in (cpp_example.replace(end, ""), cpp_example.replace(begin, ""), nested):
            self.assertIn("examples/b.cpp: ", self.faults(readme, examples | {"examples/b.cpp": broken}))


class commands(unittest.TestCase):
    def test_right_readme_has_no_fault(self) -> None:
        self.assertEqual(checks.check_commands(readme, help_text), [])

    def test_commands_are_found_in_code_only(self) -> None:
        self.assertEqual(checks.dev_commands(readme), ["demo", "test", "bench"])
        self.assertEqual(checks.dev_commands("```sh\n$ ./dev format\n```\n./dev no\n"), ["format"])

    def test_unknown_command_is_found(self) -> None:
        for text in (readme.replace("dev bench", "dev speed"), readme + "\n```\n./dev speed\n```\n"):
            self.assertIn("README.md: ./dev help does not know speed", checks.check_commands(text, help_text))

    def test_sentences_of_the_help_are_no_commands(self) -> None:
        self.assertEqual(checks.known_commands(help_text), {"demo", "test", "bench"})

    def test_other_order_is_found(self) -> None:
        other = readme.replace("./dev demo ", "./dev bench ")
        self.assertTrue(any("first commands" in fault for fault in checks.check_commands(other, help_text)))


if __name__ == "__main__":
    unittest.main()
