// SPDX-License-Identifier: MIT
// Runs the commands of examples/README.md as written, in a copy of the examples, against an installed package. Only the
// port is replaced, and the test waits for the server.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import test from 'node:test';

import {built, source} from '../integration/support/process.js';

const work = built('tests', 'examples', 'work');
const prefix = path.join(work, 'prefix');
const blocks = [...fs.readFileSync(source('examples', 'README.md'), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text]) => text);

const sh = (script) => execFileSync('sh', ['-euc', script], {cwd: work, encoding: 'utf8', env: {...process.env, PREFIX: prefix}});
const blockWith = (text) => {
    const found = blocks.filter((block) => block.includes(text));
    assert.equal(found.length, 1, text);
    return found[0];
};

fs.rmSync(work, {recursive: true, force: true});
fs.mkdirSync(work, {recursive: true});
execFileSync('cmake', ['--install', built(), '--prefix', prefix], {stdio: 'ignore'});
fs.cpSync(source('examples'), path.join(work, 'examples'), {recursive: true});

/** A port that was free a moment ago. */
async function freePort() {
    const server = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const {port} = server.address();
    await new Promise((resolve) => server.close(resolve));
    return port;
}

/** Runs a block that starts a server: with a free port, and clients that try again until it listens. */
const serve = async (block) => sh(block.replaceAll('8080', await freePort()).replaceAll('curl -s', 'curl -s --fail --retry 50 --retry-connrefused --retry-delay 1') + 'wait $! || [ $? = 143 ]\n');

test('build, against the installed package', () => {
    sh(blockWith('cmake -S examples'));
});

test('plain', () => {
    const {hotspots} = JSON.parse(sh(blockWith('plain')));
    assert.ok(hotspots.some(({name}) => name === 'work'));
});

test('recorder', () => {
    assert.match(sh(blockWith('recorder')), /^\/fibonacci\/0: 2 spans, kept: [\s\S]*\n20 jobs, \d+ kept, 0 lost\n$/);
});

test('one_loop', async () => {
    const output = await serve(blockWith('one_loop'));
    assert.match(output, /^listening on http:.*\nhello\n\{"output":"hello\\n","traces":\{/);
});

test('four_loops', async () => {
    const output = await serve(blockWith('four_loops'));
    assert.match(output, /^listening on http:.*\n([0-9a-f]{8})\n\{"output":"\1\\n","traces":\{[\s\S]*\}live_captures [01]\nabandoned 0\n$/);
});

test('shop', async () => {
    const output = await serve(blockWith('build/examples/shop'));
    assert.match(output, /^listening on http:.*\n\[\{"order":101,[^]*\]\n\[\{"text":"glass","matches":\d+\}\]\n$/);
});

test('no block is left out', () => {
    assert.equal(blocks.length, 6);
});
