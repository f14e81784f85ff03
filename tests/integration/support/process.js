// SPDX-License-Identifier: MIT
// Servers under test as child processes: started on a free port, stopped by signal, and never left behind.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import dns from 'node:dns/promises';
import {once} from 'node:events';
import net from 'node:net';
import path from 'node:path';
import readline from 'node:readline';
import {setTimeout as pause} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';

import {get} from './client.js';
import {askForContract} from './contract.js';

// ctest says where tree and build are; by hand it is this tree and its development build.
const sourceRoot = process.env.GLASSBOX_SOURCE ?? path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');

/** A file of the source tree. */
export const source = (...names) => path.join(sourceRoot, ...names);

/** A file of the build, and a program of it. */
export const built = (...names) => path.join(process.env.GLASSBOX_BINARY ?? source('build', 'dev'), ...names);
export const program = (name) => built('bin', name);

const STOP_LIMIT_MS = 100_000;
const children = new Set();
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')));

/** A port of this machine at which nobody listens. */
export async function freePort() {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const {port} = server.address();
    server.close();
    await once(server, 'close');
    return port;
}

/** The address behind a URL's host name; a bare machine may have nothing that knows localhost. */
async function addressOf(hostname) {
    const bare = hostname.replace(/^\[|\]$/g, '');
    return dns.lookup(bare).then(({address}) => address, (error) => (bare === 'localhost' ? '127.0.0.1' : Promise.reject(error)));
}

/**
 * Starts `command`, whose first line of output ends in the URL it listens on, and resolves to the server, whose `url`
 * has the address in the place of a name: {url, host, port, tls, child, firstLine, exited: Promise<{code, signal}>, complaints()}.
 */
export async function start(command, args = [], env = {}) {
    const child = spawn(command, args, {stdio: ['ignore', 'pipe', 'pipe'], env: {...process.env, ...env}});
    children.add(child);
    let complaints = '';
    child.stderr.on('data', (piece) => (complaints += piece));
    const HTTP2_WARNING = /^glassbox: warning: --http2 is for trusted clients only: .*\n/; // the one line that is no complaint
    const exited = new Promise((resolve) => child.on('close', (code, signal) => {
        children.delete(child);
        resolve({code, signal});
    }));
    const lines = readline.createInterface({input: child.stdout});
    const firstLine = await Promise.race([
        new Promise((resolve) => lines.once('line', resolve)),
        exited.then(({code, signal}) => Promise.reject(new Error(`${command} ended (${code ?? signal}): ${complaints}`))),
        new Promise((_, reject) => child.once('error', reject)),
    ]);
    lines.on('line', () => {}); // later lines must not fill the pipe
    const url = new URL(firstLine.split(' ').at(-1));
    const host = await addressOf(url.hostname);
    return {
        url: `${url.protocol}//${host.includes(':') ? `[${host}]` : host}:${url.port}`, host, port: Number(url.port), tls: url.protocol === 'https:',
        child, firstLine, exited, complaints: () => complaints.replace(HTTP2_WARNING, ''),
    };
}

/** Sends `signal` and asserts that the server finishes by itself, with 0 and without a complaint. */
export async function stop(server, signal = 'SIGTERM') {
    server.child.kill(signal);
    const overdue = setTimeout(() => server.child.kill('SIGKILL'), STOP_LIMIT_MS);
    const end = await server.exited;
    clearTimeout(overdue);
    assert.deepEqual({...end, complaints: server.complaints()}, {code: 0, signal: null, complaints: ''});
}

/** Rejects when the server ends, with how and what it said last: more telling than a refused connection. */
const earlyEnd = (server) => server.exited.then(({code, signal}) => Promise.reject(new Error(`the server ended (${code ?? signal}): ${server.complaints()}`)));

/** Asks the server at `path` until it says that no capture is left; one that never goes is the test's time-out. */
export async function untilNoCaptures(server, path) {
    for (;;) {
        const answer = await Promise.race([get(server, path), earlyEnd(server)]);
        const status = answer.json();
        assert.ok(Number.isInteger(status.live_captures), JSON.stringify(status));
        if (status.live_captures === 0)
            return status;
        await pause(5); // whoever is to finish has a lower priority than who asks
    }
}

// Every server of this process is the same program, so one is asked.
let contract;

/** The graph service, `glassbox serve`, on a free port; what it answers is checked by what it states (server.contract). */
export const startGlassbox = (...args) => startGlassboxIn({}, ...args);

/** The same with further variables in its environment. */
export async function startGlassboxIn(env, ...args) {
    const server = await start(program('glassbox'), ['serve', '--port', '0', ...args], env);
    contract ??= askForContract(get, server);
    return Object.assign(server, {contract: await contract});
}

/** Asserts that the graph service has no capture left, then stops it. */
export async function stopGlassbox(server) {
    if (!server)
        return; // it never started: that failure is reported already
    await untilNoCaptures(server, '/healthz');
    await stop(server);
}
