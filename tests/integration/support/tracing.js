// SPDX-License-Identifier: MIT
// glassbox trace in tests: the command, the services that it starts, and the servers that it asks.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';

import {freePort, program, source} from './process.js';
import {output} from './stores.js';

const top = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-trace-'));
process.on('exit', () => fs.rmSync(top, {recursive: true}));

let fresh = 0;
export const freshName = (name) => path.join(top, `${name}-${++fresh}`);

export const {GLASSBOX_STORE, GLASSBOX_TOKEN, ...environment} = {...process.env, LC_ALL: 'C.UTF-8'};

/** Begins the command: {child, seen(pattern), ended: Promise<{status, stdout, stderr}>}. */
export function begin(args, {env = {}, input = '', ...options} = {}) {
    const child = spawn(program('glassbox'), ['trace', ...args], {env: {...environment, ...env}, stdio: ['pipe', 'pipe', 'pipe'], ...options});
    let stdout = '', stderr = '';
    child.stdin.on('error', () => {}); // who does not read it need not
    child.stdin.end(input);
    child.stdout.on('data', (piece) => (stdout += piece));
    child.stderr.on('data', (piece) => (stderr += piece));
    return {
        child,
        ended: once(child, 'close').then(([status, signal]) => ({status: status ?? signal, stdout, stderr})),
        /** Resolves when standard error has it. */
        async seen(pattern) {
            while (!pattern.test(stderr))
                await once(child.stderr, 'data');
        },
    };
}

export const trace = (args, options) => begin(args, options).ended;

/** The one line in which it fails. */
export async function failure(args, expected = 1, options = {}) {
    const {status, stdout, stderr} = await trace(args, options);
    assert.deepEqual({status, stdout}, {status: expected, stdout: ''}, stderr);
    assert.match(stderr, /^glassbox trace: [^\n]+\n$/);
    return stderr.slice('glassbox trace: '.length, -1);
}

export const at = (url) => ({host: '127.0.0.1', port: Number(new URL(url).port)});

export const tracesOf = (store) => JSON.parse(output(['list', '--store', store, 'latest', '--format', 'json'])).traces;
export const runsOf = (store) => JSON.parse(output(['list', '--store', store, '--format', 'json'])).runs;

/** Waits until there is no such process, as what is ended is not gone at once. */
export async function isGone(pid) {
    for (;;) {
        try {
            process.kill(pid, 0);
        } catch {
            return;
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
}

/** The arguments for a service of a few lines of JavaScript, which find a free port in `port`, after `--`, and its URL. */
export async function scripted(code) {
    const port = await freePort();
    return {url: `http://127.0.0.1:${port}`, port, command: ['--', process.execPath, '-e', `const port = ${port}; ${code}`]};
}
export const serve = 'require("http").createServer((request, response) => response.end("x")).listen(port, "127.0.0.1");';
export const listen = `process.on("SIGTERM", () => process.exit()); ${serve}`;

/** A server of its own for each test: `answer(request, response, body)`. */
export async function serving(answer, use) {
    const server = http.createServer((incoming, response) => {
        const pieces = [];
        incoming.on('data', (piece) => pieces.push(piece));
        incoming.on('end', () => answer(incoming, response, Buffer.concat(pieces).toString()));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
        return await use(`http://127.0.0.1:${server.address().port}`);
    } finally {
        server.closeAllConnections();
        server.close();
    }
}

export const document = fs.readFileSync(source('fixtures', 'corpus', 'import_document', 'threads'), 'utf8');
export const captured = (response, text = document, status = 200, headers = {}) => response.writeHead(status, {'Glassbox-Capture': 'captured', ...headers}).end(text);
