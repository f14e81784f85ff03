// SPDX-License-Identifier: MIT
// The middleware in front of handlers whose answer is elsewhere: redirects, a FastCGI program, a reverse proxy.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';

import {get, post} from './support/client.js';
import {startFastcgi} from './support/fastcgi.js';
import {program, start, stop, untilNoCaptures} from './support/process.js';

const CAPTURE = {trace_config: {capture_traces: true}};
const OFF = {trace_config: {capture_traces: false}};

let server;
let directory; // with a directory `sub`, and the access log
let fastcgi;
let upstream;

/** Tells what it was asked, with the status that the query names. */
function echo(params, stdin) {
    const status = Number(/status=(\d+)/.exec(params.QUERY_STRING)?.[1] ?? 200);
    return {status, headers: {'Content-Type': 'application/json', Location: '/echo/fastcgi'}, body: JSON.stringify({params, stdin})};
}

function startUpstream() {
    const listener = http.createServer((request, response) => {
        let body = '';
        request.on('data', (piece) => (body += piece));
        request.on('end', () => {
            const {pathname, searchParams} = new URL(request.url, 'http://upstream');
            response.writeHead(Number(searchParams.get('status') ?? 200), {'Content-Type': 'application/json', Location: '/echo/proxied'});
            const text = JSON.stringify({method: request.method, url: request.url, pathname, headers: request.headers, body});
            setTimeout(() => response.end(text), Number(searchParams.get('after_ms') ?? 0));
        });
    });
    return new Promise((resolve) => listener.listen(0, '127.0.0.1', () => resolve(listener)));
}

const logFile = () => path.join(directory, 'access.log');

before(async () => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-relays-'));
    fs.mkdirSync(path.join(directory, 'sub'));
    fs.writeFileSync(path.join(directory, 'sub', 'index.html'), '<p>index</p>');
    fastcgi = await startFastcgi(echo);
    upstream = await startUpstream();
    server = await start(program('gbx-test-server'), [
        '--root', directory, '--fastcgi', fastcgi.port, '--proxy', upstream.address().port, '--log', logFile()]);
});
after(async () => {
    await untilNoCaptures(server, '/status');
    await stop(server);
    await fastcgi.close();
    upstream.closeAllConnections?.();
    upstream.close();
    fs.rmSync(directory, {recursive: true});
});

/** What a client that follows redirects sees of a traced answer. */
async function follow(target, body) {
    const answer = await fetch(`${server.url}${target}`, {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)});
    assert.equal(answer.redirected, false);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('location'), null);
    assert.equal(answer.headers.get('glassbox-capture'), body === CAPTURE ? 'captured' : 'off');
    const envelope = await answer.json();
    assert.equal(envelope.traces === null, body !== CAPTURE);
    return {answer, envelope, status: answer.headers.get('glassbox-output-status'), location: answer.headers.get('glassbox-output-location')};
}

describe('a redirect keeps its trace', () => {
    const plain = async (target) => (await post(server, target, CAPTURE)).headers.location;

    for (const [name, target, status, output] of [
        ['of a handler', '/moved', 302, 'it is elsewhere\n'],
        ['of libh2o', '/redirect/there', 301, undefined],
        ['of h2o_file, to a directory', '/file/sub', 301, undefined],
        ['of a FastCGI program', '/fastcgi/a?status=308', 308, undefined],
        ['of a proxied server', '/proxy/a?status=307', 307, undefined],
    ])
        it(name, async () => {
            const expected = await plain(target);
            assert.ok(expected);
            const [pathname, query] = target.split('?');
            for (const body of [CAPTURE, OFF]) {
                const followed = await follow(`${pathname}/full${query ? `?${query}` : ''}`, body);
                assert.equal(followed.status, String(status));
                assert.equal(followed.location, expected);
                if (output !== undefined)
                    assert.equal(followed.envelope.output, output);
            }
        });
    it('with every status from 300 to 399', async () => {
        for (const status of [300, 301, 302, 303, 305, 306, 307, 308, 399]) {
            const {status: told, location} = await follow(`/moved/summary?status=${status}`, CAPTURE);
            assert.equal(told, String(status));
            assert.equal(location, '/echo/moved?to=here');
        }
    });
    it('and without a status of a redirect, Location stays and Refresh goes', async () => {
        const answer = await post(server, '/moved/full?status=201&refresh', CAPTURE);
        assert.equal(answer.status, 201);
        assert.equal(answer.headers.location, '/echo/moved?to=here');
        assert.equal(answer.headers['glassbox-output-location'], undefined);
        assert.equal(answer.headers.refresh, undefined);
        assert.equal(answer.headers['glassbox-output-refresh'], '0; url=/echo/refreshed');
    });
    it('and inside the server it is followed by libh2o', async () => {
        const answer = await post(server, '/inside/there/full', CAPTURE);
        assert.equal(answer.status, 200);
        assert.equal(answer.headers['glassbox-output-status'], undefined);
        assert.equal(answer.json().output.path, '/echo/inside/there');
    });
});

describe('a FastCGI program', () => {
    /** Params of a connection differ from one to the next. */
    const told = ({params: {REMOTE_PORT: port, ...params}, stdin}) => ({params, stdin, hasPort: port !== undefined});

    for (const target of ['/fastcgi', '/fastcgi/', '/fastcgi/a/b.php?c=d&e=/full', '/fastcgi/%61/./x?', `/fastcgi/${'long/'.repeat(60)}?${'q'.repeat(200)}`])
        it(`is told what the untraced request would tell it: ${target.slice(0, 40)}`, async () => {
            const untraced = told((await post(server, target, {})).json());
            const [pathname, query] = target.split('?');
            assert.equal(untraced.params.REQUEST_URI, target);
            const answer = await post(server, `${pathname}/speedscope${query === undefined ? '' : `?${query}`}`, CAPTURE);
            assert.equal(answer.headers['glassbox-capture'], 'captured');
            assert.deepEqual(told(answer.json().output), untraced);
        });
    it('that is told nothing about a trace is untraced', async () => {
        const {params} = (await get(server, '/fastcgi/a/fuller')).json();
        assert.equal(params.REQUEST_URI, '/fastcgi/a/fuller');
        assert.equal(params.PATH_INFO, '/fastcgi/a/fuller');
    });
});

describe('a proxied server', () => {
    it('is asked what the untraced request would ask it', async () => {
        for (const target of ['/proxy/a/b?c=d', '/proxy/%61?']) {
            const [pathname, query] = target.split('?');
            const untraced = (await post(server, target, {})).json();
            const traced = await post(server, `${pathname}/summary${query === undefined ? '' : `?${query}`}`, CAPTURE);
            assert.deepEqual(traced.json().output, untraced);
            assert.equal(traced.headers['glassbox-capture'], 'captured');
        }
    });
});

describe('asked by header, without a body', () => {
    for (const target of ['/fastcgi/a?b=c', '/proxy/a?b=c', '/moved', '/redirect/there'])
        it(`${target} is told nothing of the trace`, async () => {
            const header = {'Glassbox-Trace-Config': '{"capture_traces":true}'};
            const [pathname, query] = target.split('?');
            const untraced = await get(server, target);
            const answer = await get(server, `${pathname}/full${query === undefined ? '' : `?${query}`}`, header);
            assert.equal(answer.status, 200, answer.text());
            assert.equal(answer.headers['glassbox-capture'], 'captured');
            assert.equal(answer.headers[/moved|redirect/.test(target) ? 'glassbox-output-location' : 'location'], untraced.headers.location);
            assert.doesNotMatch(JSON.stringify(answer.json().output), /trace.config/i);
            if (target.startsWith('/fastcgi'))
                assert.equal(answer.json().output.params.REQUEST_METHOD, 'GET');
        });
    it('a proxied server that takes its time is what the handler waits for, by far the most', async () => {
        const header = {'Glassbox-Trace-Config': '{"capture_traces":true}'};
        const {hotspots: [first], total_duration_ms: total} = (await get(server, '/proxy/a/summary?after_ms=200', header)).json().traces;
        assert.equal(first.name, 'handler.wait');
        assert.ok(first.self_ms > 190 && first.self_ms <= total && first.percentage > 50, JSON.stringify({first, total}));
    });
});

describe('the access log', () => {
    it('has what clients sent', async () => {
        fs.truncateSync(logFile());
        const sent = ['/fastcgi/logged/full?a=/b', '/fastcgi/logged/full', '/fastcgi/logged?a', '/proxy/logged/summary?c', '/fastcgi/logged/summary?status=404'];
        for (const target of sent)
            await post(server, target, CAPTURE);
        await post(server, '/fastcgi/refused/full?a', '[]');
        const lines = () => fs.readFileSync(logFile(), 'utf8').trim().split('\n');
        await get(server, '/status'); // a request behind them on each connection
        const expected = [...sent.map((target) => `POST ${target} POST ${target} HTTP/1.1 ${target.endsWith('404') ? 404 : 200}`),
            'POST /fastcgi/refused/full?a POST /fastcgi/refused/full?a HTTP/1.1 400'];
        for (let tries = 0; lines().length < expected.length && tries < 1000; tries++)
            await get(server, '/status');
        assert.deepEqual(lines(), expected);
    });
});
