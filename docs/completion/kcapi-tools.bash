# SPDX-License-Identifier: BSD-3-Clause
# Completion of the kcapi tools for bash.

_kcapi_algorithms() {
    kcapi-info 2>/dev/null | awk -v types=" $1 " 'NR > 1 && index(types, " " $1 " ") { print $2 }' | sort -u
}

# Algorithms have parentheses, which the shell wants quoted.
_kcapi_complete_algorithms() {
    local name
    COMPREPLY=()
    while read -r name; do
        [[ $name == "${2//[\\\'\"]/}"* ]] && COMPREPLY+=("$(printf %q "$name")")
    done < <(_kcapi_algorithms "$1")
}

# A command line in another one: options of kcapi-run, then a program and what is that program's.
_kcapi_run() {
    local i word=${COMP_WORDS[COMP_CWORD]}
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
        --engine | --driver | --library) ((i++)); [[ ${COMP_WORDS[i]} == = ]] && ((i++)) ;;
        --trace) [[ ${COMP_WORDS[i + 1]} == = ]] && ((i += 2)) ;;
        -*) ;;
        *)
            if declare -F _command_offset >/dev/null; then
                _command_offset "$i"
            elif [[ $word != -* ]]; then
                mapfile -t COMPREPLY < <(compgen -f -- "$word")
            fi
            return
            ;;
        esac
    done
    mapfile -t COMPREPLY < <(compgen -c -- "$word")
}

_kcapi_tools() {
    local tool=${1##*/} word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} options values=''
    # "--option=value" comes as three words.
    [[ $word == = ]] && word=''
    [[ $before == = ]] && before=${COMP_WORDS[COMP_CWORD - 2]}
    # The other names of the hasher; those of coreutils only where they are its own.
    case $tool in
    sha3sum | sm3sum | fipscheck | fipshmac | sha*hmac | sm3hmac)
        tool=kcapi-hasher
        ;;
    sha*sum | md5sum)
        tool=$(readlink -f -- "$(type -P -- "$1")")
        tool=${tool##*/}
        if [[ $tool != kcapi-hasher ]]; then
            ! declare -F _longopt >/dev/null || _longopt "$@"
            return
        fi
        ;;
    esac
    case $tool in
    kcapi-enc)
        options='--cipher --encrypt --decrypt --infile --outfile --iv --ccm-nonce --keyfd --passwdfd
                 --passwd --key-len --salt --pbkdfiter --pbkdfmac --nounpad --pkcs7 --aad --tag
                 --taglen --aead-format --kdf --progress --no-progress --verbose --quiet --help
                 --version'
        ;;
    kcapi-dgst)
        options='--cipher --infile --outfile --hex --keyfd --passwdfd --passwd --salt --pbkdfiter
                 --pbkdfmac --verbose --quiet --help --version'
        ;;
    kcapi-rng)
        options='--bytes --name --hex --verbose --quiet --help --version'
        ;;
    kcapi-hasher)
        options='--name --hash --key --key-file --unkeyed --truncate --jobs --tag --zero --binary
                 --text -d -b -P --check --target --status --quiet --warn --strict --ignore-missing
                 --self-sum --self-sum-lib --help --version'
        ;;
    kcapi-info)
        options='--doctor --proc --engine --json --help --version'
        ;;
    kcapi-run)
        options='--engine --driver --trace --no-children --library --force --check --help --version'
        ;;
    kcapi-speed)
        options='--all --cipher --engine --driver --direction --list --size --blocks --batch --aio
                 --vmsplice --sendmsg --threads --time --raw --json --plot --progress --no-progress
                 --help --version'
        ;;
    esac
    case $tool:$before in
    kcapi-enc:-c | kcapi-enc:--cipher) _kcapi_complete_algorithms 'skcipher aead' "$word"; return ;;
    kcapi-dgst:-c | kcapi-dgst:--cipher | *:--pbkdfmac) _kcapi_complete_algorithms hash "$word"; return ;;
    kcapi-rng:-n | kcapi-rng:--name) _kcapi_complete_algorithms rng "$word"; return ;;
    kcapi-hasher:-n | kcapi-hasher:--name)
        values='sha1sum sha224sum sha256sum sha384sum sha512sum sha3sum md5sum sm3sum fipscheck
                fipshmac sha1hmac sha224hmac sha256hmac sha384hmac sha512hmac sm3hmac'
        ;;
    kcapi-hasher:-h | kcapi-hasher:--hash)
        values='sha1 sha224 sha256 sha384 sha512 sm3 sha3-224 sha3-256 sha3-384 sha3-512'
        ;;
    kcapi-enc:--aead-format) values='kcapi joined file' ;;
    kcapi-enc:--kdf) values='pbkdf2 hkdf none' ;;
    kcapi-info:--engine | kcapi-run:--engine | kcapi-speed:--engine) values='auto local kernel' ;;
    kcapi-speed:--driver) values='all openssl gcrypt ipsecmb portable' ;;
    kcapi-speed:--direction) values='enc dec both' ;;
    kcapi-speed:-c | kcapi-speed:--cipher) values='hash skcipher rng aead' ;;
    kcapi-enc:-[io] | kcapi-dgst:-[io] | *:--infile | *:--outfile | kcapi-speed:--json | kcapi-speed:--plot | kcapi-hasher:-[kT] | *:--key-file | *:--target | kcapi-run:--library | kcapi-run:--trace)
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        return
        ;;
    kcapi-hasher:-d)
        mapfile -t COMPREPLY < <(compgen -d -- "$word")
        return
        ;;
    esac
    if [[ -n $values ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$values" -- "$word")
    elif [[ $tool == kcapi-run && ($word != -* || $before != -* && $COMP_CWORD -gt 1) ]]; then
        _kcapi_run
    elif [[ $word == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
    elif [[ $tool == kcapi-info ]]; then
        _kcapi_complete_algorithms 'skcipher aead hash rng akcipher kpp' "$word"
    elif [[ $tool == kcapi-speed ]]; then
        _kcapi_complete_algorithms 'skcipher aead hash rng' "$word"
    elif [[ $tool == kcapi-hasher ]]; then
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
    fi
}

complete -F _kcapi_tools kcapi-enc kcapi-dgst kcapi-rng kcapi-hasher kcapi-info kcapi-run kcapi-speed \
    sha3sum sm3sum fipscheck fipshmac sha1hmac sha224hmac sha256hmac sha384hmac sha512hmac sm3hmac
complete -o default -F _kcapi_tools sha1sum sha224sum sha256sum sha384sum sha512sum md5sum
