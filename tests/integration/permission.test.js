// SPDX-License-Identifier: MIT
// Permission to capture: tokens of the program and tokens made by the test, against a server that requires tokens.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';

import {exchange, parseResponse, post} from './support/client.js';
import {connect} from './support/http2.js';
import {FORMATS, htmlBody, traced} from './support/input.js';
import {checkProblem, checkUntouched} from './support/problem.js';
import {program, start, startGlassbox, stopGlassbox, untilNoCaptures} from './support/process.js';

const PLAIN = '/graph/from/html/to/dot/default';
const page = htmlBody('<h1>Hello</h1><p>glass <b>box</b></p>');

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-permission-'));
const keyFile = path.join(directory, 'keys');
after(() => fs.rmSync(directory, {recursive: true}));

const newKey = () => ({id: `k-${crypto.randomBytes(4).toString('hex')}`, secret: crypto.randomBytes(32)});
const writeKeys = (...keys) => fs.writeFileSync(keyFile, '# for a test\n' + keys.map(({id, secret}) => `${id}:${secret.toString('hex')}\n`).join(''), {mode: 0o600});
const [first, second] = [newKey(), newKey()];
writeKeys(first);

/** A token made without the program, from the format's description alone. */
function forge({key = first, version = 1, expires = Math.floor(Date.now() / 1000) + 60, maxSpans = 0, uses = 0, path: prefix = '/graph', nonce = crypto.randomBytes(16)} = {}) {
    const numbers = Buffer.alloc(16);
    numbers.writeBigUInt64BE(BigInt(expires), 0);
    numbers.writeUInt32BE(maxSpans, 8);
    numbers.writeUInt32BE(uses, 12);
    const text = (value) => Buffer.concat([Buffer.from([Buffer.byteLength(value)]), Buffer.from(value)]);
    const payload = Buffer.concat([Buffer.from([version]), text(key.id), numbers, nonce, text(prefix)]);
    return payload.toString('base64url') + '.' + crypto.createHmac('sha256', key.secret).update(payload).digest('base64url');
}

const run = (...args) => spawnSync(program('glassbox'), args, {encoding: 'utf8', timeout: 60_000});

/** A token by `glassbox token`. */
function makeToken(...args) {
    const {status, stdout, stderr} = run('token', '--key-file', keyFile, ...args);
    assert.deepEqual({status, stderr}, {status: 0, stderr: ''});
    assert.match(stdout, /^[\w-]+\.[\w-]{43}\n$/);
    return stdout.trimEnd();
}

const bearer = (token) => ({Authorization: `Bearer ${token}`});
const capture = (server, headers, fields = {}, route = PLAIN + '/full') => post(server, route, traced(page, fields), headers);

async function granted(server, token, fields, route) {
    const answer = await capture(server, bearer(token), fields, route);
    assert.equal(answer.status, 200, answer.text());
    assert.equal(answer.headers['glassbox-capture'], 'captured');
    return answer.json();
}

async function refused(server, token, reason, route) {
    const answer = await capture(server, bearer(token), {}, route);
    const {detail} = checkProblem(answer, 403);
    checkUntouched(answer);
    assert.match(detail, reason);
    assert.equal(answer.headers['www-authenticate'], undefined);
    return answer;
}

describe('a server with a key file', () => {
    let server;
    before(async () => (server = await startGlassbox('--key-file', keyFile, '--threads', '2', '--http2')));
    after(() => stopGlassbox(server));

    it('asks for a token before it captures, in every format', async () => {
        for (const format of FORMATS) {
            for (const headers of [{}, {Authorization: 'Basic dXNlcjpwYXNz'}, {Authorization: 'Bearer'}, {Authorization: ''}]) {
                const answer = await capture(server, headers, {}, `${PLAIN}/${format}`);
                const {detail} = checkProblem(answer, 401);
                assert.match(answer.headers['www-authenticate'], /^Bearer\b/);
                assert.match(detail, /Authorization: Bearer/);
                checkUntouched(answer);
            }
        }
    });
    it('needs none for plain requests and for captures that are not asked for', async () => {
        for (const headers of [{}, bearer('nonsense'), bearer(forge({expires: 1}))]) {
            assert.equal((await post(server, PLAIN, page, headers)).status, 200);
            assert.equal((await post(server, PLAIN, traced(page), headers)).status, 200);
            for (const body of [page, {...page, trace_config: {capture_traces: false}}]) {
                const answer = await post(server, PLAIN + '/full', body, headers);
                assert.equal(answer.status, 200);
                assert.equal(answer.json().traces, null);
            }
        }
    });
    it('checks the body first: a mistake in it is told without a token', async () => {
        checkProblem(await capture(server, {}, {top_n: 0}), 422, '/trace_config/top_n');
    });
    it('captures with a token of the program', async () => {
        for (const prefix of ['/graph', '/graph/', '/', '/graph/from/html', PLAIN]) {
            const {graph_output: output, traces} = await granted(server, makeToken('--path', prefix));
            assert.ok(output.dot && traces.entries.length > 0);
        }
    });
    it('captures with a token that only follows the description', async () => {
        await granted(server, forge());
        await granted(server, forge({path: '/graph/from/html/to/dot'}));
        const answer = await capture(server, {authorization: `bearer   ${forge()}`});
        assert.equal(answer.status, 200, 'the scheme is spelled in any case');
    });
    it('refuses with the reason', async () => {
        const good = forge();
        const swapped = forge().split('.')[0] + '.' + good.split('.')[1];
        const changed = good.slice(0, -20) + (good.at(-20) === 'A' ? 'B' : 'A') + good.slice(-19);
        await refused(server, forge({expires: Math.floor(Date.now() / 1000) - 5}), /expired \d+ seconds ago/);
        await refused(server, forge({path: '/graphics'}), /valid for \/graphics, not for this path/);
        await refused(server, forge({path: '/graph/from/json'}), /not for this path/);
        await refused(server, changed, /signature is wrong/);
        await refused(server, swapped, /signature is wrong/);
        await refused(server, forge({key: {id: first.id, secret: second.secret}}), /signature is wrong/);
        await refused(server, forge({key: second}), /key that is not accepted here/);
        for (const text of ['x', good + '=', good + '.', good.slice(1), `${good} ${good}`, forge({version: 2}), 'A'.repeat(4000)])
            await refused(server, text, /not issued by this server, or it is damaged/);
        assert.equal((await granted(server, good)).traces.metadata.truncated, false);
    });
    it('compares the path that the handler sees, not the one on the wire', async () => {
        const token = forge({path: '/graph/from/html'});
        const body = JSON.stringify(traced(page));
        for (const [wirePath, status] of [
            ['/x/../graph/from/%68tml/to/dot/default/full?q=1', 200], ['/graph/from/html/../html/to/dot/default/full', 200],
            ['/graph/from/html/../json/to/dot/default/full', 403], ['/graph/from/html%2f..%2fjson/to/dot/default/full', 403],
        ]) {
            const head = `POST ${wirePath} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\n`;
            const answer = parseResponse(await exchange(server, `${head}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`));
            assert.equal(answer.status, status, `${wirePath}: ${answer.text()}`);
            if (status === 403)
                assert.match(checkProblem(answer, 403).detail, /not for this path/);
        }
    });
    it('counts uses, also when many come at once', async () => {
        const token = makeToken('--path', '/graph', '--uses', '5');
        const answers = await Promise.all(Array.from({length: 40}, () => capture(server, bearer(token))));
        assert.equal(answers.filter(({status}) => status === 200).length, 5);
        assert.equal(answers.filter(({status}) => status === 403).length, 35);
        await refused(server, token, /no use left now: it is valid for 5 uses, and one comes back only if its request is not captured/);
        await granted(server, makeToken('--path', '/graph', '--uses', '5'));
    });
    it('caps the spans of a capture, and the trace shows it', async () => {
        const capped = (await granted(server, makeToken('--path', '/graph', '--max-spans', '3'), {max_spans: 1000})).traces;
        assert.equal(capped.metadata.truncated, true);
        assert.ok(capped.metadata.dropped_spans > 0);
        assert.equal(capped.entries.filter(({event}) => event === 'enter').length, 3);
        const less = (await granted(server, makeToken('--path', '/graph', '--max-spans', '3'), {max_spans: 2})).traces;
        assert.equal(less.entries.filter(({event}) => event === 'enter').length, 2);
    });
    it('takes no token from a trailer', async () => {
        const body = JSON.stringify(traced(page));
        const head = `POST ${PLAIN}/full HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\nTrailer: Authorization\r\n`;
        const chunks = `${body.length.toString(16)}\r\n${body}\r\n0\r\nAuthorization: Bearer ${forge()}\r\n\r\n`;
        const answer = parseResponse(await exchange(server, `${head}Content-Type: application/json\r\n\r\n${chunks}`));
        checkProblem(answer, 401);
    });
    it('takes no token from a trailer over HTTP/2, and goes on reading headers', async () => {
        const client = connect(server);
        const trailers = {authorization: `Bearer ${forge()}`, 'x-name': 'a text that the table keeps'};
        const ask = (fields) => client.requestWithTrailers('POST', PLAIN + '/summary', traced(page), fields, trailers);
        assert.equal((await ask({})).status, 401);
        assert.equal((await ask(bearer(forge()))).status, 200);
        assert.equal((await client.request('POST', PLAIN + '/summary', traced(page), {'x-name': trailers['x-name']})).status, 401);
        await client.close();
    });
    it('asks over HTTP/2 as well', async () => {
        const client = connect(server);
        const token = forge({uses: 1});
        const ask = (headers) => client.request('POST', PLAIN + '/summary', traced(page), headers);
        const missing = await ask({});
        checkProblem(missing, 401);
        assert.match(missing.headers['www-authenticate'], /^Bearer /);
        assert.equal((await ask({authorization: `Bearer ${token}`})).headers['glassbox-capture'], 'captured');
        checkProblem(await ask({authorization: `Bearer ${token}`}), 403);
        await client.close();
    });
    it('refuses more than one Authorization header', async () => {
        const answer = await post(server, PLAIN + '/full', traced(page), {Authorization: [`Bearer ${forge()}`, 'Basic eDp5']});
        assert.ok([401, 403].includes(answer.status), String(answer.status));
        checkProblem(answer, answer.status);
    });
});

it('a token and its parts are in no trace, no answer and nothing the server prints', async () => {
    let printed = '';
    const server = await startGlassbox('--key-file', keyFile, '--threads', '1');
    server.child.stdout.on('data', (piece) => (printed += piece));
    const [good, bad] = [forge({path: '/graph', uses: 1}), forge({key: second})];
    const answers = [];
    for (const format of FORMATS) {
        for (const token of [forge(), good, bad])
            answers.push({token, answer: await capture(server, bearer(token), {}, `${PLAIN}/${format}`)});
    }
    await stopGlassbox(server);
    assert.deepEqual([...new Set(answers.map(({answer}) => answer.status))].sort(), [200, 403]);
    for (const {token, answer} of answers) {
        const texts = [answer.text(), answer.rawHeaders.join('\n'), printed, server.complaints(), server.firstLine];
        const [payload, mac] = token.split('.');
        for (const part of [token, payload, mac, payload.slice(0, 24), mac.slice(0, 12), first.id, second.id, first.secret.toString('hex')]) {
            for (const text of texts)
                assert.ok(!text.includes(part), part);
        }
    }
});

it('keys rotate on SIGHUP, and a broken file changes nothing', async () => {
    const server = await startGlassbox('--key-file', keyFile);
    let printed = '';
    const reloaded = () => new Promise((resolve) => server.child.stdout.on('data', (piece) => (printed += piece).includes('reloaded\n') && resolve()));
    const complained = () => new Promise((resolve) => server.child.stderr.once('data', resolve));
    const hang = async (wait) => {
        printed = '';
        const done = wait();
        server.child.kill('SIGHUP');
        await done;
    };
    try {
        const [old, fresh] = [forge(), forge({key: second})];
        await refused(server, fresh, /not accepted here/);
        writeKeys(second, first);
        await hang(reloaded);
        await granted(server, fresh);
        await granted(server, old);
        await granted(server, makeToken('--path', '/graph'));
        writeKeys(second);
        await hang(reloaded);
        await granted(server, fresh);
        await refused(server, old, /not accepted here/);
        fs.writeFileSync(keyFile, 'nonsense\n');
        await hang(complained);
        assert.match(server.complaints(), /^glassbox: the token keys stay as they were: key file .*, line 1: .*\n$/);
        assert.ok(!server.complaints().includes('nonsense'));
        await granted(server, fresh);
    } finally {
        writeKeys(first);
        await untilNoCaptures(server, '/healthz');
        server.child.kill('SIGTERM');
    }
    assert.deepEqual(await server.exited, {code: 0, signal: null});
});

describe('where capturing is open', () => {
    const refuses = (status, pattern, ...args) => {
        const result = run('serve', '--port', '0', ...args);
        assert.equal(result.status, status, result.stderr);
        assert.equal(result.stdout, '');
        assert.match(result.stderr, pattern);
        assert.equal(result.stderr.trimEnd().split('\n').length, 1);
    };

    it('a loopback address needs no token', async () => {
        for (const host of ['127.0.0.1', '127.8.9.10', 'localhost']) {
            const server = await startGlassbox('--host', host);
            assert.equal((await capture(server, {})).status, 200);
            await stopGlassbox(server);
        }
    });
    it('any other address is refused before anything is served', () => {
        for (const host of ['0.0.0.0', '0'])
            refuses(2, /anyone could capture.*--key-file.*--allow-open-capture/, '--host', host);
    });
    it('unless it is said in as many words, or tokens are asked for', async () => {
        const open = await start(program('glassbox'), ['serve', '--port', '0', '--host', '0.0.0.0', '--allow-open-capture']);
        assert.equal((await capture(open, {})).status, 200);
        await stopGlassbox(open);
        const guarded = await start(program('glassbox'), ['serve', '--port', '0', '--host', '0.0.0.0', '--key-file', keyFile]);
        checkProblem(await capture(guarded, {}), 401);
        await granted(guarded, forge());
        await stopGlassbox(guarded);
    });
    it('both at once are refused', () => refuses(2, /cannot be used together/, '--key-file', keyFile, '--allow-open-capture'));
    it('a key file that cannot be used is an error, never an open server', () => {
        const loose = path.join(directory, 'loose');
        fs.writeFileSync(loose, `${first.id}:${first.secret.toString('hex')}\n`);
        fs.chmodSync(loose, 0o644);
        refuses(1, /: open to others \(mode 0644\)/, '--key-file', loose);
        refuses(1, /No such file/, '--key-file', path.join(directory, 'none'));
        fs.writeFileSync(loose, '# nothing\n');
        fs.chmodSync(loose, 0o600);
        refuses(1, /contains no key/, '--key-file', loose);
    });
});

describe('glassbox token', () => {
    it('makes a key, a token of it, and the token captures', async () => {
        const file = path.join(directory, 'fresh');
        const key = run('token', '--new-key');
        assert.match(key.stdout, /^[\w.-]+:[0-9a-f]{64}\n$/);
        fs.writeFileSync(file, key.stdout, {mode: 0o600});
        const token = run('token', '--key-file', file, '--path', '/graph', '--expires', '10m').stdout.trimEnd();
        const server = await startGlassbox('--key-file', file);
        await granted(server, token);
        await refused(server, forge(), /not accepted here/);
        await stopGlassbox(server);
    });
    it('refuses in one line', () => {
        for (const [args, status] of [[[], 2], [['--path', '/'], 2], [['--key-file', keyFile, '--path', '/', '--expires', 'soon'], 2], [['--key-file', '/no', '--path', '/'], 1]]) {
            const result = run('token', ...args);
            assert.equal(result.status, status);
            assert.equal(result.stdout, '');
            assert.match(result.stderr, /^glassbox token: [^\n]+\n$/);
        }
    });
});
