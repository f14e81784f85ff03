// SPDX-License-Identifier: MIT
// Runs the benchmark programs, prints the table of promises, and writes the raw samples: report.js [--json FILE]
// [--only P2,P6] [--quick]. GLASSBOX_BINARY is the build, in release.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { judge } from './stats.js';

const bin = path.join(process.env.GLASSBOX_BINARY, 'bin');

// What measures each promise: a program that prints rows, or a module here that returns them.
const MEASURES = [
    ['P1', 'bench-p1_off'], ['P1', './instructions.js'],
    ['P2', 'bench-p2_on'], ['P2', './competitors.js'],
    ['P3', 'bench-p3_memory'],
    ['P4', './untraced.js'], ['P5', './traced.js'],
    ['P6', 'bench-p6_export'],
    ['P7', './peak_memory.js'], ['P8', './first_byte.js'],
    ['P9', 'bench-p9_growth'], ['P10', 'bench-p10_truth'],
    ['P11', 'bench-p11_format'], ['P12', 'bench-p12_dense'], ['P13', './dense_page.js'],
    ['P14', './recorded.js'], ['P17', './store_commands.js'],
    ['W1', './workers.js'], ['W2', 'bench-w2_growth'], ['W2', './growth_instructions.js'],
    ['W3', './loop_hold.js'],
];

function runProgram(name) {
    const run = spawnSync(path.join(bin, name), { encoding: 'utf8', maxBuffer: 1 << 28 });
    if (run.status !== 0)
        throw new Error(`${name} ended with ${run.status ?? run.signal}: ${run.stderr}`);
    return JSON.parse(run.stdout).rows;
}

async function measure([promise, what]) {
    const rows = what.startsWith('./') ? await (await import(what)).measure(bin) : runProgram(what);
    return rows.map((row) => ({ promise, ...row }));
}

function number(value) {
    const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 3;
    return value.toLocaleString('en', { maximumFractionDigits: digits });
}

function withSpread(summary) {
    return `${number(summary.median)} (${number(summary.low)}-${number(summary.high)})`;
}

function promiseOf(row) {
    if (!row.limit)
        return '';
    const sign = row.limit.at_most !== undefined ? '<=' : '>=';
    const of = { ratio: 'ratio', difference: 'more', subject: 'ours' }[row.limit.of];
    return `${of} ${sign} ${number(row.limit.at_most ?? row.limit.at_least)}${row.limit.every_round ? ' in every round' : ''}`;
}

function cellsOf(row) {
    if (row.skipped)
        return [row.promise, row.what, '', `skipped: ${row.skipped}`, '', '', ''];
    const verdict = { true: 'met', false: 'MISSED', null: '' }[String(row.met)];
    return [row.promise, row.what, row.unit, withSpread(row.subject), row.reference ? withSpread(row.reference) : '',
            row.ratio ? number(row.ratio.median) : '', [promiseOf(row), verdict].filter(Boolean).join(' ')];
}

function printTable(rows) {
    const table = [['', 'what', 'unit', 'ours (quartiles)', 'reference', 'ratio', 'promise'], ...rows.map(cellsOf)];
    const widths = table[0].map((_, column) => Math.max(...table.map((cells) => cells[column].length)));
    for (const cells of table)
        console.log(cells.map((cell, i) => cell.padEnd(widths[i])).join('  ').trimEnd());
}

function machine() {
    const cpus = os.cpus();
    return { cpu: cpus[0].model, cpus: cpus.length, memory_gib: Math.round(os.totalmem() / 2 ** 30),
             kernel: os.release(), load: os.loadavg()[0] };
}

async function main() {
    const { values } = parseArgs({ options: { json: { type: 'string' }, only: { type: 'string' }, quick: { type: 'boolean' } } });
    const only = values.only?.split(',');
    const rows = [];
    if (values.quick)
        process.env.GLASSBOX_BENCH_DIVISOR = '50';
    for (const entry of MEASURES.filter(([promise]) => !only || only.includes(promise))) {
        process.stderr.write(`bench: ${entry[0]} ${entry[1].replace(/^\.\/|\.js$|^bench-/g, '')} ...\n`);
        rows.push(...(await measure(entry)).map((row) => (row.skipped ? row : judge(row))));
    }
    const facts = machine();
    console.log(`\n${facts.cpu}, ${facts.cpus} CPUs, ${facts.memory_gib} GiB, Linux ${facts.kernel}, load ${facts.load.toFixed(1)}\n`);
    printTable(rows);
    if (values.json)
        fs.writeFileSync(values.json, JSON.stringify({ machine: facts, quick: Boolean(values.quick), rows }, null, 1));
    const missed = rows.filter((row) => row.met === false).length;
    console.log(`\n${rows.filter((row) => row.met).length} promises met, ${missed} missed`);
}

main().catch((error) => {
    console.error(`bench: ${error.message}`);
    process.exitCode = 1;
});
