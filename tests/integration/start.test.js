// SPDX-License-Identifier: MIT
// ./scripts/start does what the first line of README states: it starts a server and prints a request that works when
// pasted.
import assert from 'node:assert/strict';
import {execFileSync, spawn, spawnSync} from 'node:child_process';
import test from 'node:test';

import {program, source} from './support/process.js';

/** What `child` printed until a line begins with `start`. */
function untilLine(child, start) {
    return new Promise((resolve, reject) => {
        let text = '', complaints = '';
        child.stderr.on('data', (piece) => (complaints += piece));
        child.stdout.on('data', (piece) => {
            text += piece;
            const line = text.split('\n').slice(0, -1).find((one) => one.startsWith(start));
            if (line !== undefined)
                resolve(line);
        });
        child.on('close', (code, signal) => reject(new Error(`start ended (${code ?? signal}): ${text}${complaints}`)));
    });
}

test('start ends in a listening server and a curl line that works when pasted', async () => {
    const child = spawn(source('scripts', 'start'), ['--port', '0'], {stdio: ['ignore', 'pipe', 'pipe']});
    const line = await untilLine(child, 'curl ');
    const answer = JSON.parse(execFileSync('bash', ['-c', line], {encoding: 'utf8'}));
    assert.equal(answer.graph_output.engine, 'dot');
    assert.ok(answer.traces.profiles[0].events.length > 0);
    child.removeAllListeners('close');
    const exited = new Promise((resolve) => child.on('close', (code, signal) => resolve({code, signal})));
    child.kill('SIGTERM');
    assert.deepEqual(await exited, {code: 0, signal: null});
});

test('options are those of serve, and one that is none is refused', () => {
    const start = (...args) => spawnSync(source('scripts', 'start'), args, {encoding: 'utf8'});
    assert.match(start('--', '--help').stdout, /--port/);
    const lines = (text) => text.split('\n').sort(); // a shell changes the order of the environment, of which some are told
    assert.deepEqual(lines(start('--print-config').stdout),
        lines(execFileSync(program('glassbox'), ['serve', '--print-config'], {encoding: 'utf8'})));
    const {status, stderr} = start('--ports', '0');
    assert.equal(status, 2);
    assert.match(stderr, /'--ports'/);
});
