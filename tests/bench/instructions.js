// SPDX-License-Identifier: MIT
// Counts instructions per span with callgrind. While nothing is captured, the count is the same on every machine and in
// every run; the names of captured spans are copied by the C library, whose count depends on the processor a little.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const FEW = 1000;
const MANY = 101000;

export const hasValgrind = () => spawnSync('valgrind', ['--version']).status === 0;

// Instructions that the program executes in all; those within `fn` alone when it is given.
export function count(program, args, fn) {
    const out = path.join(os.tmpdir(), `glassbox-callgrind-${process.pid}`);
    const within = fn ? [`--toggle-collect=${fn}`] : [];
    const run = spawnSync('valgrind', ['--tool=callgrind', `--callgrind-out-file=${out}`, ...within, program, ...args.map(String)],
                          { encoding: 'utf8' });
    fs.rmSync(out, { force: true });
    if (run.status !== 0)
        throw new Error(`callgrind failed: ${run.error?.message ?? run.stderr}`);
    return Number(/Collected : (\d+)/.exec(run.stderr)[1]);
}

// Per turn: what start-up costs cancels out between two lengths of the same loop.
function perTurn(program, loop, ...more) {
    return (count(program, [loop, MANY, ...more]) - count(program, [loop, FEW, ...more])) / (MANY - FEW);
}

// { span, disabled }: instructions that each adds to an empty loop.
export function instructionsPerSpan(program) {
    const empty = perTurn(program, 'empty');
    // Hundredths: start-up does not cancel out to the last instruction.
    const added = (loop) => Math.round(100 * (perTurn(program, loop) - empty)) / 100;
    return { span: added('span'), disabled: added('disabled') };
}

// { span, number, text, words, variable }: instructions of a captured span under a literal name and under formatted ones.
export function instructionsPerCapturedSpan(program) {
    return Object.fromEntries(['span', 'number', 'text', 'words', 'variable'].map(
        (loop) => [loop, Math.round(perTurn(program, loop, 'captured'))]));
}

export function measure(bin) {
    if (!hasValgrind())
        return [{ what: 'instructions per span, off', skipped: 'valgrind is not installed' }];
    const { span, disabled } = instructionsPerSpan(path.join(bin, 'bench-instructions'));
    const row = (what, value, most) => ({ what, unit: 'instructions', subject: { name: 'added to an empty loop', samples: [value] },
                                          limit: { of: 'subject', at_most: most } });
    return [row('span, off: each of its two checks', span / 2, 3), row('span, GBX_DISABLE', disabled, 0)];
}
