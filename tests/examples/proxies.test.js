// SPDX-License-Identifier: MIT
// The proxies of examples/proxies in front of the server: clients have HTTP/2, and the server has only HTTP/1.1.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';
import {setTimeout as pause} from 'node:timers/promises';

import {makeCertificate} from '../integration/support/certificate.js';
import {connect} from '../integration/support/http2.js';
import {FORMATS, LARGEST_PAGE, htmlBody, readPage, traced} from '../integration/support/input.js';
import {freePort, source, startGlassbox, stopGlassbox} from '../integration/support/process.js';

const ROUTE = '/graph/from/html/to/dot/default';

async function untilListening(port, proxy) {
    for (;;) {
        assert.equal(proxy.child.exitCode, null, proxy.printed());
        const socket = net.connect(port, '127.0.0.1');
        const open = await Promise.race([once(socket, 'connect').then(() => true), once(socket, 'error').then(() => false)]).catch(() => false);
        socket.destroy();
        if (open)
            return;
        await pause(50);
    }
}

/** Runs a proxy with its example, on a free port and in front of `server`. */
async function startProxy(name, command, args, server, certificate) {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-proxy-'));
    const port = await freePort();
    const file = path.join(directory, name);
    const text = fs.readFileSync(source('examples', 'proxies', name), 'utf8');
    const changed = text.replace('8443', String(port)).replace('127.0.0.1:8000', `127.0.0.1:${server.port}`);
    assert.ok(changed.includes(String(port)) && changed.includes(String(server.port)));
    fs.writeFileSync(file, changed);
    fs.copyFileSync(certificate.cert, path.join(directory, 'cert.pem'));
    fs.copyFileSync(certificate.key, path.join(directory, 'key.pem'));
    fs.writeFileSync(path.join(directory, 'site.pem'), fs.readFileSync(certificate.cert, 'utf8') + fs.readFileSync(certificate.key, 'utf8'));
    const child = spawn(command, args(directory, file), {cwd: directory, stdio: ['ignore', 'pipe', 'pipe']});
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
        stream.on('data', (piece) => (printed += piece));
    const proxy = {child, printed: () => printed, url: `https://127.0.0.1:${port}`};
    await untilListening(port, proxy);
    proxy.stop = async () => {
        child.kill('SIGTERM');
        await once(child, 'close');
        fs.rmSync(directory, {recursive: true});
    };
    return proxy;
}

const PROXIES = {
    nginx: (...rest) => startProxy('nginx.conf', '/usr/sbin/nginx', (directory, file) =>
        ['-p', directory, '-e', 'stderr', '-c', file, '-g', `daemon off; pid ${directory}/pid; error_log stderr;`], ...rest),
    haproxy: (...rest) => startProxy('haproxy.cfg', '/usr/sbin/haproxy', (_, file) => ['-db', '-f', file], ...rest),
};

for (const [name, startIt] of Object.entries(PROXIES)) {
    describe(name, () => {
        let server, certificate, proxy, connection;
        before(async () => {
            certificate = makeCertificate();
            server = await startGlassbox();
            proxy = await startIt(server, certificate);
            connection = connect(proxy);
        });
        after(async () => {
            await connection?.close();
            await proxy?.stop();
            await stopGlassbox(server);
            certificate.remove();
        });
        it('gives clients HTTP/2', async () => {
            assert.equal((await connection.request('GET', '/healthz')).status, 200);
            assert.equal(connection.protocol(), 'h2');
        });
        for (const format of FORMATS) {
            it(`passes output and trace on: ${format}`, async () => {
                const answer = await connection.request('POST', `${ROUTE}/${format}`, traced(htmlBody(readPage(LARGEST_PAGE))));
                assert.equal(answer.status, 200);
                assert.equal(answer.headers['glassbox-capture'], 'captured');
                assert.ok(answer.json().graph_output.dot_size > 0 && answer.json().traces);
            });
        }
        it('many streams at a time', async () => {
            const answers = await Promise.all(Array.from({length: 60}, () => connection.request('POST', `${ROUTE}/summary`, traced(htmlBody('<p>x')))));
            assert.deepEqual(answers.map(({status}) => status), Array(60).fill(200));
        });
        it('passes refusals on', async () => {
            const answer = await connection.request('POST', `${ROUTE}/full`, {trace_config: {top_n: 0}});
            assert.equal(answer.status, 422);
            assert.equal(answer.json().pointer, '/trace_config/top_n');
        });
    });
}
