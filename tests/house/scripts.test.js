// SPDX-License-Identifier: MIT
// The scripts that people are told to run: each parses, and start does what the README's first line says of it.
import assert from 'node:assert/strict';
import {execFileSync, spawn, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import {root} from './tree.js';

const scripts = [...fs.readdirSync(path.join(root, 'scripts')).map((name) => `scripts/${name}`), '.ci/run'];
const isShell = (name) => /^#!.*\b(ba)?sh\n/.test(fs.readFileSync(path.join(root, name), 'utf8'));

test('every script parses', () => {
    assert.ok(scripts.filter(isShell).length >= 7);
    for (const name of scripts.filter(isShell))
        assert.deepEqual([name, spawnSync('bash', ['-n', name], {cwd: root, encoding: 'utf8'}).stderr], [name, '']);
});

test('a script that does not parse is noticed', () => {
    assert.notEqual(spawnSync('bash', ['-n'], {input: "echo 'the page's'\nfresh=()\n", encoding: 'utf8'}).stderr, '');
});

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
    const child = spawn('scripts/start', ['--port', '0'], {cwd: root, stdio: ['ignore', 'pipe', 'pipe']});
    const line = await untilLine(child, 'curl ');
    const answer = JSON.parse(execFileSync('bash', ['-c', line], {encoding: 'utf8'}));
    assert.equal(answer.graph_output.engine, 'dot');
    assert.ok(answer.traces.profiles[0].events.length > 0);
    child.removeAllListeners('close');
    const exited = new Promise((resolve) => child.on('close', (code, signal) => resolve({code, signal})));
    child.kill('SIGTERM');
    assert.deepEqual(await exited, {code: 0, signal: null});
});
