#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The guest's only process: sets the guest up, runs the jobs in order, hands back files, powers off.
#
# The kernel's log goes to the serial console, and so does whatever this script itself has to complain about.
# All that the host is to read goes through a virtio port instead, where nothing else writes: the jobs' output
# as it is, and lines that begin with a number only this run knows. Such a line is preceded by a newline of
# its own, so that it begins a line even if the output before it did not end one.

export PATH=/job:/usr/sbin:/usr/bin HOME=/tmp
# By its path, since the shell prefers its own programs, and its own modprobe does not match aliases.
modprobe=/sbin/modprobe
nonce=$(cat /guest/nonce)
limit=$(cat /guest/limit)

say() {
    printf '\n@@%s %s\n' "$nonce" "$*" >&4
}

power_off() {
    exec 4>&-
    [ -z "$pump" ] || wait "$pump"
    poweroff -f
}

give_up() {
    [ -z "$pump" ] || say "failed $*"
    echo "init: $*"
    power_off
}

mount_all() {
    mount -t proc proc /proc || return 1
    mount -t sysfs sysfs /sys || return 1
    mount -t devtmpfs devtmpfs /dev || return 1
    mkdir -p /dev/shm /dev/pts
    mount -t tmpfs tmpfs /dev/shm || return 1
    mount -t devpts devpts /dev/pts || return 1
    ln -sf /proc/self/fd /dev/fd
    ln -sf /proc/self/fd/0 /dev/stdin
    ln -sf /proc/self/fd/1 /dev/stdout
    ln -sf /proc/self/fd/2 /dev/stderr
    # The root is in memory already, and a mount on /tmp would hide programs that the host keeps there.
    chmod 1777 /tmp
}

# A port can be open once only, and a job may well open /dev/stdout again: so jobs write to a pipe, and one
# process carries that to the port.
open_channel() {
    "$modprobe" -a virtio_pci virtio_console || return 1
    tries=0
    while [ ! -c /dev/vport0p1 ]; do
        tries=$((tries + 1))
        [ "$tries" -lt 200 ] || return 1
        usleep 50000
    done
    mkfifo /run/output || return 1
    cat /run/output >/dev/vport0p1 &
    pump=$!
    exec 4>/run/output
}

load_modules() {
    # What udev does on a real machine: every driver whose alias fits this processor. Some decline after a
    # closer look.
    "$modprobe" -a -q "$(cat /sys/devices/system/cpu/modalias)"
    while read -r module; do
        "$modprobe" "$module" || give_up "module $module does not load"
    done </guest/modules
}

apply_settings() {
    while read -r key value; do
        echo "$value" >"/proc/sys/$key" || give_up "setting $key cannot be made $value"
    done </guest/sysctl
}

# Kernel threads ignore the signal.
kill_leftovers() {
    for folder in /proc/[0-9]*; do
        process=${folder#/proc/}
        [ "$process" = 1 ] || [ "$process" = "$pump" ] || kill -9 "$process" 2>/dev/null
    done
}

run_job() {
    read -r name <"$1/name"
    rm -f /run/expired
    say "start $name"
    setsid sh "$1/script" </dev/null >&4 2>&1 4>&- &
    job=$!
    (
        sleep "$limit"
        : >/run/expired
        kill -9 "-$job" "$job"
    ) </dev/null 4>&- &
    timer=$!
    wait "$job"
    status=$?
    # Before its sleep, whose end it would take for the limit.
    kill -9 "$timer" 2>/dev/null
    [ ! -e /run/expired ] || status=timeout
    kill_leftovers
    say "end $name $status"
}

send_file() {
    if [ -f "$1" ]; then
        digest=$(sha256sum "$1")
        say "file $(stat -c %s "$1") ${digest%% *} $1"
        cat "$1" >&4
    else
        say "nofile $1"
    fi
}

mount_all || give_up "a file system cannot be mounted"
open_channel || give_up "there is no channel to the host"
say "boot $(uname -r)"
load_modules
apply_settings
say "ready"
for folder in /guest/jobs/*; do
    run_job "$folder"
done
while read -r path; do
    send_file "$path"
done </guest/collect
say "done"
power_off
