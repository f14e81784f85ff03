// SPDX-License-Identifier: MIT
// Starts that lack something: memory, descriptors, a regular file. The server starts, or says why not in one line; it
// never crashes, prints without end or waits.
import assert from 'node:assert/strict';
import {execFileSync, spawn, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';
import {setTimeout as pause} from 'node:timers/promises';

import {makeCertificate} from './support/certificate.js';
import {exchange, parseResponse} from './support/client.js';
import {built, freePort, program} from './support/process.js';

const sanitized = !/^GLASSBOX_SANITIZE:\w+=$/m.test(fs.readFileSync(built('CMakeCache.txt'), 'utf8'));
const OUTPUT_MAX = 4096; // of a server that only starts
const children = new Set();
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')));

/** Runs a server in a shell with `limits` until it listens or ends: {listens, code, signal, stdout, stderr}. */
function startWith(limits, ...args) {
    const command = `ulimit -c 0; ${limits}; exec "$0" serve --port 0 "$@"`;
    const child = spawn('bash', ['-c', command, program('glassbox'), ...args], {stdio: ['ignore', 'pipe', 'pipe']});
    const outcome = {listens: false, stdout: '', stderr: ''};
    children.add(child);
    child.stdout.on('data', (piece) => {
        outcome.stdout += piece;
        outcome.listens ||= outcome.stdout.includes('\n');
        child.kill('SIGKILL');
    });
    child.stderr.on('data', (piece) => {
        outcome.stderr += piece;
        if (outcome.stderr.length > OUTPUT_MAX)
            child.kill('SIGKILL');
    });
    return new Promise((resolve) => child.on('close', (code, signal) => {
        children.delete(child);
        resolve({...outcome, code, signal});
    }));
}

describe('too little memory', {skip: sanitized && 'sanitizers map terabytes'}, () => {
    const STEP_KB = 1500;
    const isLoaders = ({code, stderr}) => code === 127 && /error while loading shared libraries/.test(stderr);

    it('is one line and exit 1 once the program is loaded, and otherwise the server starts', async () => {
        const seen = {loader: 0, refused: 0, listening: 0};
        for (let limit = 45_000; seen.listening < 4; limit += STEP_KB) {
            assert.ok(limit < 4_000_000, 'it never starts');
            const outcome = await startWith(`ulimit -v ${limit}`, '--threads', '2', '--workers', '1', '--slow-clients', '0');
            const what = `${limit} KB: ${JSON.stringify(outcome)}`;
            if (outcome.listens) {
                assert.match(outcome.stdout, /^glassbox: listening on [^\n]+\n$/, what);
                assert.equal(outcome.stderr, '', what);
                seen.listening++;
            } else if (isLoaders(outcome)) {
                seen.loader++;
            } else {
                assert.equal(outcome.code, 1, what);
                assert.equal(outcome.stdout, '', what);
                assert.match(outcome.stderr, /^glassbox: [^\n]+\n$/, what);
                seen.refused++;
            }
        }
        assert.ok(seen.refused > 5, JSON.stringify(seen));
    });
});

describe('descriptors', () => {
    it('files that are too small for a store: the limit is the reason', async (t) => {
        const store = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-limit-'));
        t.after(() => fs.rmSync(store, {recursive: true}));
        const {code, stderr} = await startWith('ulimit -f 20', '--threads', '1', '--store', store);
        assert.match(stderr, /^glassbox: run [0-9a-f-]+: the disk is full\n$/);
        assert.equal(code, 1);
        assert.deepEqual(fs.readdirSync(store), []);
    });
    it('that are too few: the line says how many are needed, and with so many the server starts', async () => {
        const {code, stderr} = await startWith('ulimit -n 12', '--threads', '2');
        const [, needed, allowed] = /^glassbox: the process needs (\d+) descriptors with --threads 2, and (\d+) are allowed \(ulimit -n\)\n$/.exec(stderr);
        assert.equal(code, 1);
        assert.equal(allowed, '12');
        assert.equal((await startWith(`ulimit -n ${needed}`, '--threads', '2')).listens, true);
    });
    it('0, 1 and 2 that are closed are no client\'s connection', async (t) => {
        const port = await freePort();
        const child = spawn('bash', ['-c', `exec "$0" serve --port ${port} --threads 1 <&- >&- 2>&-`, program('glassbox')], {stdio: 'ignore'});
        t.after(() => child.kill('SIGKILL'));
        const ended = new Promise((resolve) => child.on('close', (code) => resolve(code)));
        const server = {host: '127.0.0.1', port, tls: false};
        await untilServing(child);
        const socket = net.connect(port, server.host);
        await new Promise((resolve) => socket.once('connect', resolve));
        let got = '';
        socket.on('data', (piece) => (got += piece));
        for (const signal of ['SIGUSR1', 'SIGUSR2', 'SIGHUP'])
            child.kill(signal); // each prints a line
        assert.equal(parseResponse(await exchange(server, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')).status, 200);
        const {0: input, 1: output, 2: complaints} = descriptorsOf(child.pid);
        assert.deepEqual([input, output, complaints], ['/dev/null', '/dev/null', '/dev/null']);
        child.kill('SIGTERM');
        assert.equal(await ended, 0);
        assert.equal(got, '');
    });
    it('1 that is closed: a result that cannot be written is a failure', () => {
        const {status, stderr} = spawnSync('bash', ['-c', '"$0" token --new-key >&-', program('glassbox')], {encoding: 'utf8'});
        assert.deepEqual({status, stderr}, {status: 1, stderr: 'glassbox token: cannot write: Bad file descriptor\n'});
    });
});

/** What the descriptors of a process are. */
function descriptorsOf(pid) {
    const folder = `/proc/${pid}/fd`;
    return Object.fromEntries(fs.readdirSync(folder).flatMap((fd) => {
        try {
            return [[fd, fs.readlinkSync(`${folder}/${fd}`)]];
        } catch (error) {
            assert.equal(error.code, 'ENOENT'); // closed meanwhile
            return [];
        }
    }));
}

/** Resolves when the process waits for signals, after which it serves; one that never does is the test's time-out. */
async function untilServing(child) {
    while (!Object.values(descriptorsOf(child.pid)).includes('anon_inode:[signalfd]')) {
        assert.deepEqual([child.exitCode, child.signalCode], [null, null]);
        await pause(5);
    }
}

describe('a file that is a pipe without a writer', () => {
    let certificate, directory, pipe;
    before(() => {
        certificate = makeCertificate();
        directory = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-pipe-'));
        pipe = path.join(directory, 'pipe');
        execFileSync('mkfifo', ['-m', '600', pipe]);
    });
    after(() => {
        certificate.remove();
        fs.rmSync(directory, {recursive: true});
    });

    for (const [what, status, args] of [
        ['certificate', 1, () => ['--cert', pipe, '--key', certificate.key]],
        ['private key', 1, () => ['--cert', certificate.cert, '--key', pipe]],
        ['key file', 1, () => ['--key-file', pipe]],
        ['configuration file', 2, () => ['--config', pipe]],
    ])
        it(`is refused as ${what} at once`, () => {
            const outcome = spawnSync(program('glassbox'), ['serve', '--port', '0', ...args()], {encoding: 'utf8', timeout: 20_000, killSignal: 'SIGKILL'});
            assert.equal(outcome.signal, null, 'it waited');
            assert.equal(outcome.status, status);
            assert.equal(outcome.stdout, '');
            assert.match(outcome.stderr, /^glassbox[^\n]+\n$/);
            assert.ok(outcome.stderr.endsWith(`: ${what} ${pipe}: not a regular file\n`), outcome.stderr);
        });
});
