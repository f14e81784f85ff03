// SPDX-License-Identifier: MIT
// Measures other tracers and Glassbox in turns: LTTng-UST with its session daemon, and uftrace. Missing packages are
// reported.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { rounds } from './load.js';

const ROUNDS = 9;

function run(command, args, env = {}) {
    return spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, ...env } });
}

function must(result, what) {
    if (result.status !== 0)
        throw new Error(`${what}: ${result.error?.message ?? result.stderr}`);
    return result.stdout;
}

const has = (command) => run(command, ['--version']).status === 0;

// Our span, in the same process shape: one fresh run of the P2 program's first row, cut short.
function oursOnce(bin) {
    const out = must(run(path.join(bin, 'bench-p2_on'), [], { GLASSBOX_BENCH_DIVISOR: '10' }), 'bench-p2_on');
    const samples = JSON.parse(out).rows[0].subject.samples;
    return samples.sort((a, b) => a - b)[samples.length >> 1];
}

function inTurns(bin, theirsOnce) {
    const ours = [];
    const theirs = [];
    for (let i = 0; i !== rounds(ROUNDS); ++i) {
        theirs.push(theirsOnce());
        ours.push(oursOnce(bin));
    }
    return { ours, theirs };
}

function row(name, { ours, theirs }) {
    return { what: `span, on, beside ${name}`, unit: 'ns', subject: { name: 'span', samples: ours },
             reference: { name, samples: theirs } };
}

function measureUftrace(bin, folder) {
    const program = path.join(bin, 'bench-competitors');
    const once = () => Number(must(run('uftrace', ['record', '--no-libcall', '-d', path.join(folder, 'uftrace'), program, 'calls']),
                                   'uftrace').trim());
    return row('uftrace', inTurns(bin, once));
}

function measureLttng(bin, folder) {
    const env = { LTTNG_HOME: folder };
    const lttng = (...args) => must(run('lttng', args, env), `lttng ${args[0]}`);
    must(run('lttng-sessiond', ['--daemonize', '--no-kernel', '--pidfile', path.join(folder, 'pid')], env), 'lttng-sessiond');
    try {
        lttng('create', 'glassbox', `--output=${path.join(folder, 'lttng')}`);
        lttng('enable-channel', '--userspace', '--subbuf-size=4M', '--num-subbuf=8', 'channel');
        lttng('enable-event', '--userspace', 'glassbox_bench:*', '--channel=channel');
        lttng('start');
        const once = () => Number(must(run(path.join(bin, 'bench-competitors'), ['lttng'], env), 'bench-competitors').trim());
        return row('LTTng-UST', inTurns(bin, once));
    } finally {
        run('lttng', ['destroy', 'glassbox'], env);
        process.kill(Number(fs.readFileSync(path.join(folder, 'pid'), 'utf8')));
    }
}

function measure(bin) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-bench-'));
    const built = run(path.join(bin, 'bench-competitors'), ['lttng'], { GLASSBOX_BENCH_DIVISOR: '1000' }).status === 0;
    try {
        return [
            has('lttng') && has('lttng-sessiond') && built ? measureLttng(bin, folder)
                : { what: 'span, on, beside LTTng-UST', skipped: 'lttng-tools and liblttng-ust-dev are not installed' },
            has('uftrace') ? measureUftrace(bin, folder)
                : { what: 'span, on, beside uftrace', skipped: 'uftrace is not installed' },
        ];
    } finally {
        fs.rmSync(folder, { recursive: true, force: true });
    }
}

export { measure };
