// SPDX-License-Identifier: MIT
// The systemd unit as the package installs it, and its system call filter as numbers.
import {execFileSync, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import {built} from './process.js';

export const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

/** {file, program, setting(name): values, remove()}: the package installed into a directory that everybody may read. */
export function installUnit() {
    const prefix = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-unit-'));
    fs.chmodSync(prefix, 0o755);
    execFileSync('cmake', ['--install', built(), '--prefix', prefix], {stdio: 'pipe'});
    const file = path.join(prefix, 'lib', 'systemd', 'system', 'glassbox.service');
    const lines = fs.readFileSync(file, 'utf8').split('\n').map((line) => line.match(/^(\w+)=(.*)$/)).filter(Boolean);
    return {
        file, prefix,
        program: path.join(prefix, 'bin', 'glassbox'),
        setting: (name) => lines.filter((line) => line[1] === name).map((line) => line[2]),
        remove: () => fs.rmSync(prefix, {recursive: true}),
    };
}

/** The system calls in a set of systemd's, sets within it included. */
function callsOf(set) {
    const text = execFileSync('systemd-analyze', ['syscall-filter', set], {encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']});
    return text.split('\n').map((line) => line.trim()).filter((line) => line && line !== set && !line.startsWith('#'))
        .flatMap((name) => (name.startsWith('@') ? callsOf(name) : [name]));
}

/** Names from the lines of a SystemCallFilter: the first makes a list, later ones add, or with ~ take away. */
export function allowedCalls(lines) {
    const allowed = new Set();
    for (const line of lines) {
        const names = line.replace(/^~/, '').split(' ').flatMap((name) => (name.startsWith('@') ? callsOf(name) : [name]));
        for (const name of names)
            line.startsWith('~') ? allowed.delete(name) : allowed.add(name);
    }
    return [...allowed];
}

/** The numbers that this machine has for names that start with `prefix` in a system header; NaN where it has none. */
export function numbersOf(names, header, prefix) {
    const text = execFileSync('cc', ['-dM', '-E', '-include', header, '-x', 'c', '/dev/null'], {encoding: 'utf8'});
    const numbers = new Map([...text.matchAll(/^#define (\w+) (\S+)$/gm)].map(([, name, value]) => [name, value]));
    const resolve = (value) => (numbers.has(value) ? resolve(numbers.get(value)) : Number(value));
    return names.map((name) => resolve(prefix + name));
}
