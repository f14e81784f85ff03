// SPDX-License-Identifier: MIT
// Any request can be traced, by header or in its body, and the handler sees what it would see untraced, byte for byte.
import assert from 'node:assert/strict';
import {after, before, describe, it} from 'node:test';
import {brotliCompressSync, gunzipSync, gzipSync} from 'node:zlib';

import {exchange, parseResponse} from './support/client.js';
import {checkFull} from './support/documents.js';
import {FORMATS} from './support/input.js';
import {checkProblem, checkUntouched} from './support/problem.js';
import {program, start, startGlassbox, stop, stopGlassbox, untilNoCaptures} from './support/process.js';

const ON = '{"capture_traces":true}';
const HEADER = 'Glassbox-Trace-Config';
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'];
const JSON_TYPE = 'application/json';
const every = Buffer.from(Array.from({length: 256}, (_, i) => i));

// Name, headers about the body, body.
const BODIES = [
    ['none', {}, null],
    ['an empty one', {'Content-Type': JSON_TYPE, 'Content-Length': 0}, ''],
    ['a JSON object', {'Content-Type': JSON_TYPE}, ' {"a": [1, {"trace_config": {"deeper": "\\u0041"}}]}\n'],
    ['a JSON array', {'Content-Type': JSON_TYPE}, '[{"trace_config": {}}, 2]'],
    ['a JSON string', {'Content-Type': JSON_TYPE}, '"trace_config"'],
    ['ill-formed JSON', {'Content-Type': JSON_TYPE}, '{"trace_config": {"a"'],
    ['a form', {'Content-Type': 'application/x-www-form-urlencoded'}, 'a=1&trace_config=%7B%7D'],
    ['a form of files', {'Content-Type': 'multipart/form-data; boundary=b'}, '--b\r\nContent-Disposition: form-data; name="trace_config"\r\n\r\n{}\r\n--b--\r\n'],
    ['CSV', {'Content-Type': 'text/csv'}, 'a,b\r\n1,"2"\r\n'],
    ['text', {'Content-Type': 'text/plain; charset=utf-8'}, 'gr\u00fc\u00dfe {"trace_config":{}}'],
    ['bytes', {'Content-Type': 'application/octet-stream'}, every],
    ['bytes of no type', {}, every],
    ['packed JSON', {'Content-Type': JSON_TYPE, 'Content-Encoding': 'gzip'}, gzipSync('{"a":1}')],
    ['JSON in another coding', {'Content-Type': JSON_TYPE, 'Content-Encoding': 'br'}, brotliCompressSync('{"a":1}')],
    ['JSON in chunks', {'Content-Type': JSON_TYPE, 'Transfer-Encoding': 'chunked'}, '8\r\n{"a": [1\r\n3\r\n]} \r\n0\r\n\r\n'],
    ['conditions', {'If-None-Match': '"x"', 'If-Modified-Since': 'Sun, 06 Nov 1994 08:49:37 GMT', 'Range': 'bytes=0-1', 'If-Range': '"x"'}, null],
];

let server;
before(async () => (server = await start(program('gbx-test-server'))));
after(async () => {
    await untilNoCaptures(server, '/status');
    await stop(server);
});

/** Any bytes as a request; the answer, taken apart. */
async function ask(method, path, headers = {}, body = null, to = server) {
    const bytes = Buffer.from(body ?? '');
    const all = {Host: 'a.example', 'X-First': ' spaced ', ...headers, 'X-Last': '1', Connection: 'close'};
    if (body !== null && !('Content-Length' in all) && !('Transfer-Encoding' in all))
        all['Content-Length'] = bytes.length;
    const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join('');
    const answer = parseResponse(await exchange(to, Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${head}\r\n`), bytes])));
    return {...answer, text: () => answer.body.toString(), json: () => JSON.parse(answer.body.toString())};
}

const captured = (answer) => {
    assert.equal(answer.status, 200, answer.text());
    assert.equal(answer.headers['glassbox-capture'], 'captured');
    const envelope = answer.json();
    checkFull(envelope.traces, answer.text());
    return envelope.output;
};

describe('what the handler sees of a request that is traced by header is what it sees untraced', () => {
    for (const [name, headers, body] of BODIES)
        it(`${name}, with every method`, async () => {
            for (const method of METHODS) {
                for (const path of ['/seen', '/asked']) {
                    const plain = (await ask(method, `${path}/a%20b?c=/full&d`, headers, body)).json();
                    const header = {[HEADER]: ON};
                    const before = captured(await ask(method, `${path}/a%20b/full?c=/full&d`, {...header, ...headers}, body));
                    assert.deepEqual(before, plain, method);
                    const behind = captured(await ask(method, `${path}/a%20b/full?c=/full&d`, {...headers, [HEADER]: `  ${ON}\t`}, body));
                    assert.deepEqual(behind, plain, method);
                    assert.equal(plain.method, method);
                }
                const kept = captured(await ask(method, '/kept/full', {...headers, [HEADER]: ON}, body));
                assert.ok(kept.headers.some(([key]) => key === HEADER.toLowerCase()));
            }
        });
});

describe('a body with a trace_config', () => {
    const pad = 'x'.repeat(100_000);
    for (const [text, left] of [
        [`{"trace_config":${ON}}`, '{}'],
        [`{"trace_config": ${ON}, "a": 1}`, '{"a": 1}'],
        [` {\n\t"a": "\\"",\n\t"trace\\u005Fconfig": ${ON},\n\t"b": {"trace_config": [2]}\n}\r\n`, ' {\n\t"a": "\\"",\n\t"b": {"trace_config": [2]}\n}\r\n'],
        [`{"a":"${pad}","trace_config":${ON}}`, `{"a":"${pad}"}`],
        [`{"trace_config":${ON},"a":"${pad}"}`, `{"a":"${pad}"}`],
        [`{"a":"${pad}","trace_config":${ON},"b":"${pad}"}`, `{"a":"${pad}","b":"${pad}"}`],
    ])
        it(`reaches the handler without it, whole or in chunks or packed: ${text.slice(0, 40)}`, async () => {
            const json = {'Content-Type': JSON_TYPE};
            for (const method of ['POST', 'DELETE']) {
                const plain = (await ask(method, '/seen/a', json, left)).json();
                const output = captured(await ask(method, '/seen/a/full', json, text));
                assert.ok(output.body === plain.body, Buffer.from(output.body, 'hex').toString().slice(0, 200));
                assert.deepEqual(output, plain);
                const chunks = `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
                assert.ok(captured(await ask(method, '/seen/a/full', {...json, 'Transfer-Encoding': 'chunked'}, chunks)).body === plain.body);
                assert.ok(captured(await ask(method, '/asked/a/full', json, text)).body === plain.body);
                const kept = captured(await ask(method, '/kept/a/full', json, text));
                assert.ok(Buffer.from(kept.body, 'hex').toString() === text);
                const packed = captured(await ask(method, '/seen/a/full', {...json, 'Content-Encoding': 'gzip'}, gzipSync(text)));
                assert.ok(gunzipSync(Buffer.from(packed.body, 'hex')).toString() === left);
                assert.deepEqual(packed.headers, (await ask(method, '/seen/a', {...json, 'Content-Encoding': 'gzip'}, gzipSync(left))).json().headers);
            }
        });
    it('is not shown to a handler that is given GET', async () => {
        const output = captured(await ask('POST', '/got/a/full', {'Content-Type': JSON_TYPE}, `{"trace_config":${ON},"a":1}`));
        assert.equal(output.method, 'GET');
        assert.equal(output.body, null);
        assert.deepEqual(output, (await ask('GET', '/got/a')).json());
    });
    it('does not leave a byte of it to the next request of the connection', async () => {
        const one = (body) => `POST /seen/full HTTP/1.1\r\nHost: a\r\nContent-Type: ${JSON_TYPE}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
        const last = 'GET /seen/last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
        const text = (await exchange(server, one(`{"trace_config":${ON},"a":1}`) + one(`{"a":2,"trace_config":${ON}}`) + last)).toString();
        assert.deepEqual(text.match(/HTTP\/1.1 \d+/g), ['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 200']);
        assert.deepEqual(text.match(/"body":(null|"[0-9a-f]*")/g), [`"body":"${Buffer.from('{"a":1}').toString('hex')}"`, `"body":"${Buffer.from('{"a":2}').toString('hex')}"`, '"body":null']);
    });
});

describe('a header that is wrong', () => {
    for (const [what, value, status, detail, pointer = null] of [
        ['no JSON', 'capture_traces=true', 400, /header Glassbox-Trace-Config.*not JSON/],
        ['empty', '', 400, /header Glassbox-Trace-Config.*not JSON/],
        ['no object', '[]', 400, /header Glassbox-Trace-Config.*object/],
        ['an unknown field', '{"capture_trace":true}', 422, /header Glassbox-Trace-Config.*capture_trace/, '/capture_trace'],
        ['a wrong value', '{"max_depth":"1"}', 422, /header Glassbox-Trace-Config.*max_depth/, '/max_depth'],
        ['another format', '{"trace_format":"summary"}', 422, /header Glassbox-Trace-Config.*summary/, '/trace_format'],
        ['more than 4 KiB', `{"name":"${'x'.repeat(4096)}"}`, 422, /header Glassbox-Trace-Config.*4096/],
    ])
        it(`${what} is ${status} and names it`, async () => {
            for (const path of ['/seen', '/asked']) {
                const answer = await ask('GET', `${path}/full`, {[HEADER]: value});
                assert.match(checkProblem(answer, status, pointer).detail, detail);
            }
        });
    it('twice', async () => {
        const answer = await ask('GET', '/seen/full', {[HEADER]: ON, [HEADER.toLowerCase()]: ON});
        assert.match(checkProblem(answer, 422).detail, /header Glassbox-Trace-Config is given more than once/);
    });
    it('and a config in the body as well', async () => {
        for (const [headers, body] of [[{}, `{"trace_config":${ON}}`], [{'Content-Encoding': 'gzip'}, gzipSync(`{"trace_config":${ON}}`)]]) {
            const answer = await ask('POST', '/seen/full', {'Content-Type': JSON_TYPE, ...headers, [HEADER]: ON}, body);
            assert.match(checkProblem(answer, 422, '/trace_config').detail, /in the body and in the header Glassbox-Trace-Config/);
        }
    });
    it('is nothing to a path that is not mirrored', async () => {
        const answer = await ask('GET', '/seen/a', {[HEADER]: 'x'});
        checkUntouched(answer);
        assert.ok(answer.json().headers.some(([name]) => name === HEADER.toLowerCase()));
    });
});

describe('a body that cannot be read', () => {
    it('is told where the config can be sent', async () => {
        for (const [type, coding, body, status, detail] of [
            ['multipart/form-data; boundary=b', undefined, '--b--', 415, /content type.*Glassbox-Trace-Config/],
            ['text/csv', undefined, 'a', 415, /content type.*Glassbox-Trace-Config/],
            [JSON_TYPE, undefined, '[1]', 400, /object.*Glassbox-Trace-Config/],
            [JSON_TYPE, 'br', 'x', 415, /Content-Encoding.*Glassbox-Trace-Config/],
            [JSON_TYPE, 'gzip, gzip', 'x', 415, /Content-Encoding.*Glassbox-Trace-Config/],
            [JSON_TYPE, 'gzip', '{}', 400, /gzip/],
            [JSON_TYPE, 'gzip', gzipSync('{}').subarray(0, 12), 400, /gzip/],
        ]) {
            const answer = await ask('POST', '/seen/full', {'Content-Type': type, ...(coding ? {'Content-Encoding': coding} : {})}, body);
            assert.match(checkProblem(answer, status).detail, detail);
            assert.equal(answer.headers['accept-encoding'], /Content-Enc/.test(detail.source) ? 'gzip' : undefined);
        }
    });
    it('a bomb is 413 while it is unpacked; by header it is not looked into', async () => {
        const bomb = gzipSync(Buffer.alloc(48 << 20, 0x20));
        const headers = {'Content-Type': JSON_TYPE, 'Content-Encoding': 'gzip'};
        assert.match(checkProblem(await ask('POST', '/seen/full', headers, bomb), 413).detail, /33554432 bytes when it is unpacked/);
        const output = captured(await ask('POST', '/seen/full', {...headers, [HEADER]: ON}, bomb));
        assert.equal(output.body.length, 2 * bomb.length);
    });
    it('a form of a hundred thousand parts is passed on by header', async () => {
        const body = '--b\r\n\r\n1\r\n'.repeat(100_000) + '--b--\r\n';
        const output = captured(await ask('POST', '/seen/full', {'Content-Type': 'multipart/form-data; boundary=b', [HEADER]: ON}, body));
        assert.ok(output.body === Buffer.from(body).toString('hex'));
    });
});

describe('HEAD', () => {
    it('is 405 with Allow on a mirrored path', async () => {
        for (const headers of [{}, {[HEADER]: ON}]) {
            const text = (await exchange(server, `HEAD /seen/full HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${Object.entries(headers).map((each) => each.join(': ') + '\r\n').join('')}\r\n`)).toString();
            assert.match(text, /^HTTP\/1.1 405 /);
            assert.match(text, /\r\nallow: GET, POST, /i);
            assert.match(text, /application\/problem\+json/);
            assert.equal(text.slice(text.indexOf('\r\n\r\n')), '\r\n\r\n');
        }
    });
});

describe('a path that is claimed only on request', () => {
    it('is the host\'s for every request without a config, whatever its last segment', async () => {
        for (const method of METHODS)
            for (const [name, headers, body] of BODIES)
                for (const suffix of method === 'POST' ? FORMATS : ['full']) {
                    const answer = await ask(method, `/asked/orders/${suffix}?q`, headers, body);
                    checkUntouched(answer);
                    const seen = answer.json(), plain = (await ask(method, '/seen/orders/xx?q', headers, body)).json();
                    assert.equal(seen.path, `/asked/orders/${suffix}?q`, `${method} ${name}`);
                    assert.deepEqual([seen.body, seen.headers, seen.method], [plain.body, plain.headers, plain.method]);
                }
    });
    it('tells a wrong config', async () => {
        checkProblem(await ask('POST', '/asked/full', {'Content-Type': JSON_TYPE}, '{"trace_config":{"x":1}}'), 422, '/trace_config/x');
    });
});

describe('the graph service', () => {
    const GRAPH = '/graph/from/json/to/dot/default';
    const body = '{"graph_data":{"nodes":[{"id":1}]}}';
    let graphs;
    before(async () => (graphs = await startGlassbox()));
    after(() => stopGlassbox(graphs));

    it('refuses a wrong method with the methods that are right, with the suffix as without', async () => {
        for (const method of ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'])
            for (const suffix of ['', '/full', '/summary', '/speedscope']) {
                const answer = await ask(method, GRAPH + suffix, {Host: 'localhost'}, null, graphs);
                assert.equal(checkProblem(answer, 405).detail, 'the method here is POST');
                assert.equal(answer.headers.allow, 'POST');
            }
        for (const suffix of ['', '/full'])
            assert.match((await exchange(graphs, `HEAD ${GRAPH}${suffix} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)).toString(), /^HTTP\/1.1 405 [^]*\r\nallow: POST\r\n/i);
        assert.equal((await ask('GET', '/graph/from/json/full', {Host: 'localhost'}, null, graphs)).json().graph_output.status, 404);
    });
    it('takes a trace_config by header, and permission and limits are the same', async () => {
        const answer = await ask('POST', `${GRAPH}/full`, {Host: 'localhost', 'Content-Type': JSON_TYPE, [HEADER]: ON}, body, graphs);
        assert.equal(answer.headers['glassbox-capture'], 'captured');
        assert.equal(answer.json().graph_output.node_count, 1);
        assert.ok(answer.json().traces);
    });
    it('reads a body packed with gzip, traced or not', async () => {
        const packed = {Host: 'localhost', 'Content-Type': JSON_TYPE, 'Content-Encoding': 'gzip'};
        const plain = await ask('POST', GRAPH, packed, gzipSync(body), graphs);
        assert.equal(plain.json().node_count, 1);
        const traced = await ask('POST', `${GRAPH}/full`, packed, gzipSync(`{"trace_config":${ON},${body.slice(1)}`), graphs);
        assert.equal(traced.json().graph_output.dot, plain.json().dot);
        const unpacked = traced.json().traces.entries.filter(({name, event}) => name === 'graph.unpack' && event === 'exit');
        assert.deepEqual(unpacked.map(({notes}) => notes), [{bytes: body.length}]);
    });
    it('tells in the trace why a packed body could not be read', async () => {
        const packed = {Host: 'localhost', 'Content-Type': JSON_TYPE, 'Content-Encoding': 'gzip', [HEADER]: ON};
        for (const [bytes, status, span] of [[gzipSync(body).subarray(0, 20), 400, 'graph.unpack'], [gzipSync('{'), 400, 'graph.parse']]) {
            const {graph_output: output, traces} = (await ask('POST', `${GRAPH}/summary`, packed, bytes, graphs)).json();
            assert.equal(output.status, status);
            assert.deepEqual(traces.error, {span, reason: output.detail});
        }
    });
    it('names a coding that it does not read, and no more of it than fits', async () => {
        const told = {'Host': 'localhost', 'Content-Type': JSON_TYPE};
        for (const [codings, name] of [
            [{'Content-Encoding': 'gzip, gzip'}, '"gzip, gzip"'],
            [{'Content-Encoding': 'gzip', 'content-encoding': 'br'}, '"gzip" and others'],
            [{'Content-Encoding': 'x'.repeat(3000)}, `"${'x'.repeat(40)}"`],
            [{'Content-Encoding': 'x'.repeat(39) + '\u00e9'}, `"${'x'.repeat(39)}"`],
        ])
            for (const [suffix, advice] of [['', ''], ['/full', `; the trace_config can be sent in the header ${HEADER}`]]) {
                const {detail} = checkProblem(await ask('POST', GRAPH + suffix, {...told, ...codings}, body, graphs), 415);
                assert.equal(detail, `the request's Content-Encoding is ${name}; only gzip is read${advice}`);
            }
        const {detail} = checkProblem(await ask('POST', `${GRAPH}/full`, {...told, 'Content-Type': `a/${'b'.repeat(3000)}`}, body, graphs), 415);
        assert.equal(detail, `the request's content type is not JSON in UTF-8 but "a/${'b'.repeat(78)}"; the trace_config can be sent in the header ${HEADER}`);
    });
    it('refuses a packed body for what it is', async () => {
        for (const suffix of ['', '/summary'])
            for (const [coding, bytes, status, told] of [
                ['br', gzipSync(body), 415, 'the request\'s Content-Encoding is "br"; only gzip is read'],
                ['gzip', body, 400, 'the request\'s body is not gzip as its Content-Encoding says: incorrect header check'],
                ['gzip', gzipSync(body).subarray(0, 20), 400, 'it ends too soon'],
                ['gzip', gzipSync(Buffer.alloc(40 << 20, 0x20)), 413, 'has more than 33554432 bytes when it is unpacked'],
                ['gzip', gzipSync('{'), 400, 'not JSON'],
            ]) {
                const answer = await ask('POST', GRAPH + suffix, {Host: 'localhost', 'Content-Type': JSON_TYPE, 'Content-Encoding': coding}, bytes, graphs);
                assert.ok(checkProblem(answer, status).detail.includes(told), answer.text());
                assert.equal(answer.headers['accept-encoding'], status === 415 ? 'gzip' : undefined);
            }
    });
});
