// SPDX-License-Identifier: MIT
// Requests for hosts that a server does not answer to: refused on every route, so that a page whose name was pointed at
// the server reaches nothing.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';

import {exchange, get, parseResponse, post, request} from './support/client.js';
import {connect} from './support/http2.js';
import {FORMATS, htmlBody, traced} from './support/input.js';
import {checkProblem} from './support/problem.js';
import {program, startGlassbox, stopGlassbox} from './support/process.js';

const PLAIN = '/graph/from/html/to/dot/default';
const page = htmlBody('<p>x</p>');
const EVIL = {Host: 'evil.test'};
const ROUTES = [
    ['GET', '/'], ['GET', '/healthz'], ['GET', '/graph/engines'], ['GET', '/graph/transformations'], ['GET', '/openapi.json'], ['GET', '/schemas'],
    ['GET', '/schemas/full'], ['GET', '/docs'], ['GET', '/speedscope'], ['GET', '/speedscope/'], ['GET', '/ui/page.js'], ['GET', '/nothing'], ['OPTIONS', PLAIN],
    ['POST', PLAIN, page], ...FORMATS.map((format) => ['POST', `${PLAIN}/${format}`, traced(page)]),
];

/** How many captures there were, as the server counts them. */
const captured = async (server) => (await get(server, '/healthz')).json().capture.counts.captured;

describe('on loopback', () => {
    let server;
    before(async () => (server = await startGlassbox('--threads', '1', '--http2')));
    after(() => stopGlassbox(server));

    for (const [method, path, body] of ROUTES)
        it(`${method} ${path} for another host is refused`, async () => {
            const before = await captured(server);
            const answer = await request(server, method, path, {body, headers: EVIL});
            assert.match(checkProblem(answer, 421).detail, /"evil\.test"; the operator may add it with --allow-host/);
            assert.equal(await captured(server), before);
        });
    it('the name of the host may have a port, and only its own matters', async () => {
        for (const host of [`evil.test:${server.port}`, 'localhost.evil.test', '127.0.0.1.evil.test', `10.0.0.1:${server.port}`, '.localhost', 'a..localhost'])
            checkProblem(await get(server, '/healthz', {Host: host}), 421);
        for (const host of ['localhost', `LOCALHOST:${server.port}`, 'a.localhost:1', '127.0.0.2', '[::1]:8000', 'localhost\t', 'localhost \t '])
            assert.equal((await get(server, '/healthz', {Host: host})).status, 200, host);
    });
    it('a host that is not short is cut, and its control characters are escaped', async () => {
        const {detail} = checkProblem(await get(server, '/healthz', {Host: 'e'.repeat(30_000)}), 421);
        assert.ok(detail.includes(`"${'e'.repeat(40)}..."`), detail);
    });
    it('a request without a host is answered: no browser sends one', async () => {
        for (const head of ['GET /healthz HTTP/1.0\r\n', 'GET /healthz HTTP/1.0\r\nHost:\r\n'])
            assert.equal(parseResponse(await exchange(server, `${head}\r\n`)).status, 200);
        assert.equal(parseResponse(await exchange(server, 'GET /healthz HTTP/1.0\r\nHost: default\r\n\r\n')).status, 421);
    });
    it('over HTTP/2 as well', async () => {
        const client = connect(server);
        checkProblem(await client.request('POST', `${PLAIN}/full`, traced(page), {':authority': 'evil.test'}), 421);
        assert.equal((await client.request('POST', `${PLAIN}/full`, traced(page), {':authority': 'localhost'})).status, 200);
        await client.close();
    });
});

describe('--allow-host', () => {
    it('adds names, in any case and with any port', async () => {
        const server = await startGlassbox('--allow-host', 'graphs.example.com', '--allow-host', '[2001:db8::1]');
        for (const host of ['graphs.example.com', 'Graphs.Example.COM:443', '[2001:db8:0::1]:8000', 'localhost'])
            assert.equal((await post(server, PLAIN, page, {Host: host})).status, 200, host);
        for (const host of ['www.graphs.example.com', 'example.com', '[2001:db8::2]'])
            checkProblem(await post(server, PLAIN, page, {Host: host}), 421);
        await stopGlassbox(server);
    });
    it('on another address, any host is served without it, and none but those with it', async () => {
        const open = await startGlassbox('--host', '0.0.0.0', '--allow-open-capture');
        assert.equal((await get({...open, host: '127.0.0.1'}, '/healthz', EVIL)).status, 200);
        await stopGlassbox(open);
        const limited = await startGlassbox('--host', '0.0.0.0', '--allow-open-capture', '--allow-host', 'graphs.example.com');
        checkProblem(await get({...limited, host: '127.0.0.1'}, '/healthz', EVIL), 421);
        assert.equal((await get({...limited, host: '127.0.0.1'}, '/healthz', {Host: 'graphs.example.com'})).status, 200);
        await stopGlassbox(limited);
    });
    it('takes names without a port, and says where a wrong one is', () => {
        const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-hosts-'));
        const file = path.join(directory, 'conf');
        for (const name of ['example.com:80', 'http://example.com', '*', '[::1']) {
            fs.writeFileSync(file, `allow-host = a.test\nallow-host = ${name}\n`);
            for (const [subject, args, env] of [
                ['--allow-host', ['--allow-host', 'a.test', '--allow-host', name], {}],
                ['GLASSBOX_ALLOW_HOST', [], {GLASSBOX_ALLOW_HOST: `a.test, ${name}`}],
                [`${file}:2: allow-host`, ['--config', file], {}],
            ]) {
                const {status, stderr} = spawnSync(program('glassbox'), ['serve', '--port', '0', ...args], {encoding: 'utf8', timeout: 60_000, env: {...process.env, ...env}});
                assert.equal(stderr, `glassbox serve: ${subject} takes a host name or an address, without a port, not '${name}'\n`);
                assert.equal(status, 2, name);
            }
        }
        fs.rmSync(directory, {recursive: true});
    });
});
