// SPDX-License-Identifier: MIT
// Stores for tests: with traces that are known beforehand, whole or while they are being written, and the commands over them.
import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';

import {program} from './process.js';

const without = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(GLASSBOX_|COLUMNS$|NO_COLOR$)/.test(name)));

/** The first command over a store makes its catalog, and says so. */
const makeCatalog = (store) => assert.equal(run(['list', '--store', store]).status, 0);

function makeRunOnce(store, count) {
    const {status, stdout, stderr} = spawnSync(program('gbx-make-store'), [store, String(count)], {encoding: 'utf8', timeout: 120_000});
    assert.deepEqual({status, stderr}, {status: 0, stderr: ''});
    return stdout.trim();
}

/**
 * Makes a run of `count` traces (make_store.c) in the store and returns its id, which is higher than `after`: runs of one
 * second are in no order, so one that is too low is made again.
 */
export function makeRun(store, count, after = '') {
    let id = makeRunOnce(store, count);
    for (; id <= after; id = makeRunOnce(store, count))
        fs.unlinkSync(path.join(store, `${id}.db`));
    makeCatalog(store);
    return id;
}

/** Makes a run of traces that the test tells, each as told_store.c describes it, and returns its id. */
export function tellRun(store, traces, {service = 'told', after = ''} = {}) {
    const input = traces.map((trace) => `${JSON.stringify(trace)}\n`).join('');
    let id = '';
    do {
        if (id)
            fs.unlinkSync(path.join(store, `${id}.db`));
        const {status, stdout, stderr} = spawnSync(program('gbx-told-store'), [store, service], {encoding: 'utf8', input, timeout: 120_000});
        assert.deepEqual({status, stderr}, {status: 0, stderr: ''});
        id = stdout.trim();
    } while (id <= after);
    makeCatalog(store);
    return id;
}

/** Begins a run of `count` traces that stays open: {id, child, add(count), close(), kill()}. */
export async function holdRun(store, count) {
    const child = spawn(program('gbx-make-store'), [store, String(count), 'hold'], {stdio: ['pipe', 'pipe', 'inherit']});
    const closed = new Promise((resolve) => child.on('close', (code, signal) => resolve({code, signal})));
    const lines = readline.createInterface({input: child.stdout})[Symbol.asyncIterator]();
    const id = (await lines.next()).value;
    makeCatalog(store);
    return {
        id, child,
        /** Stores further traces; they are committed when this resolves. */
        async add(further) {
            child.stdin.write(`${further}\n`);
            assert.equal((await lines.next()).value, 'done');
        },
        async close() {
            child.stdin.end();
            assert.deepEqual(await closed, {code: 0, signal: null});
        },
        async kill() {
            child.kill('SIGKILL');
            assert.equal((await closed).signal, 'SIGKILL');
        },
    };
}

/** Runs a command of the program to its end: {status, stdout, stderr}. */
export function run(args, {env = {}, ...options} = {}) {
    const {status, stdout, stderr} = spawnSync(program('glassbox'), args, {
        encoding: 'utf8', timeout: 60_000, maxBuffer: 1 << 28, env: {...without, LC_ALL: 'C.UTF-8', ...env}, ...options,
    });
    return {status, stdout, stderr};
}

/** What a command prints that succeeds and has no complaint. */
export function output(args, options) {
    const {status, stdout, stderr} = run(args, options);
    assert.deepEqual({status, stderr: String(stderr)}, {status: 0, stderr: ''}, args.join(' '));
    return stdout;
}

/** The one line in which a command fails, without its beginning. */
export function failure(args, expected = 1, options = {}) {
    const {status, stdout, stderr} = run(args, options);
    assert.deepEqual({status, stdout}, {status: expected, stdout: ''}, stderr);
    assert.match(stderr, new RegExp(`^glassbox ${args[0]}: [^\\n]+\\n$`));
    return stderr.slice(`glassbox ${args[0]}: `.length, -1);
}
