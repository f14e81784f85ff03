// SPDX-License-Identifier: MIT
// A server that records: plain answers are the same byte for byte, and what is kept is stored.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';

import {get, post} from './support/client.js';
import {program, start, stop, untilNoCaptures} from './support/process.js';
import {postBytes, Wire} from './support/wire.js';

const CAPTURE = {trace_config: {capture_traces: true}};
const STORED = {trace_config: {capture_traces: true, trace_output: 'stored_only'}};

let server;
let directory;

before(async () => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-recorder-'));
    fs.mkdirSync(path.join(directory, 'files'));
    fs.writeFileSync(path.join(directory, 'files', 'small.txt'), 'small');
    fs.writeFileSync(path.join(directory, 'files', 'large.bin'), Buffer.alloc(3000000, 'large '));
    server = await start(program('gbx-test-server'), ['--root', path.join(directory, 'files')],
        {GLASSBOX_STORE: path.join(directory, 'store'), GLASSBOX_KEEP: 'all'});
});
after(async () => {
    await untilNoCaptures(server, '/status');
    await stop(server);
    fs.rmSync(directory, {recursive: true});
});

// What differs between two answers to the same request: the time, and the path in what tells it.
const comparable = (bytes) => bytes.toString('latin1').replace(/^date: .*$/gim, 'date').replaceAll('/recorded', '');

/** All that a connection gets for these bytes, which end it. */
async function answerTo(bytes) {
    const wire = await Wire.open(server);
    await wire.send(bytes);
    await wire.until(() => false);
    await wire.destroy();
    return comparable(wire.bytes());
}

async function sameAnswers(requestFor) {
    const plain = await answerTo(requestFor(''));
    assert.ok(plain.length > 0);
    assert.equal(await answerTo(requestFor('/recorded')), plain);
}

const lines = (method, target, version, extra = '') => `${method} ${target} HTTP/${version}\r\nHost: localhost\r\n${extra}\r\n`;
const CLOSE = 'Connection: close\r\n';

describe('a recorded path answers as one that is not', () => {
    const targets = ['/text?bytes=10', '/text?bytes=300000&piece=70000', '/text?invalid', '/binary', '/binary?untyped', '/empty', '/empty?status=204',
        '/error', '/error?status=404', '/big?spans=50', '/stream?chunks=4', '/decline', '/busy?steps=3', '/text?status=304', '/file/small.txt',
        '/file/large.bin', '/file/none', '/file/..%2f'];
    for (const target of targets)
        for (const [method, version] of [['GET', '1.1'], ['GET', '1.0'], ['HEAD', '1.1']])
            it(`${method} ${target} in HTTP/${version}`, () => sameAnswers((prefix) => lines(method, prefix + target, version, CLOSE)));

    it('a range of a file, and a condition', async () => {
        await sameAnswers((prefix) => lines('GET', `${prefix}/file/large.bin`, '1.1', `Range: bytes=5-90000\r\n${CLOSE}`));
        await sameAnswers((prefix) => lines('GET', `${prefix}/file/small.txt`, '1.1', `If-Modified-Since: ${new Date().toUTCString()}\r\n${CLOSE}`));
    });

    it('several requests on one connection, one behind the other', async () => {
        await sameAnswers((prefix) => ['/text?bytes=7', '/stream?chunks=2', '/empty?status=204', '/binary'].map((target) => lines('GET', prefix + target, '1.1')).join('') +
            lines('GET', prefix + '/text', '1.1', CLOSE));
    });

    it('a body of either framing, and a traced route that is not asked for a trace', async () => {
        await sameAnswers((prefix) => postBytes(`${prefix}/text`, {a: 1}, {extra: CLOSE}));
        await sameAnswers((prefix) => Buffer.from(`POST ${prefix}/text HTTP/1.1\r\nHost: localhost\r\n${CLOSE}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`));
        await sameAnswers((prefix) => postBytes(`${prefix}/text/full`, {}, {extra: CLOSE}));
    });

    it('an answer that breaks off', async () => {
        const broken = async (prefix) => {
            const wire = await Wire.open(server);
            await wire.send(lines('GET', `${prefix}/abort`, '1.1'));
            await wire.closed;
            return comparable(wire.bytes());
        };
        assert.equal(await broken('/recorded'), await broken(''));
    });

    it('a client that leaves does not end the server', async () => {
        for (const target of ['/recorded/never', '/recorded/stream?chunks=100000']) {
            const wire = await Wire.open(server);
            await wire.send(lines('GET', target, '1.1'));
            await wire.reset();
        }
        assert.equal((await get(server, '/recorded/text')).status, 200);
        await get(server, '/release'); // nothing waits; the loop has gone round
    });
});

describe('traced requests at a recorded path', () => {
    it('get their trace, and its id is stored too', async () => {
        const answer = await post(server, '/recorded/busy/full', CAPTURE);
        assert.equal(answer.json().traces.metadata.trace_id, answer.headers['glassbox-trace-id']);
        assert.equal(answer.headers['glassbox-capture'], 'captured');
    });

    it('get the plain answer and the id, if the trace is only stored', async () => {
        const wire = await Wire.open(server);
        await wire.send(postBytes('/recorded/text/speedscope', STORED));
        const [stored] = await wire.answers(1);
        await wire.send(lines('GET', '/recorded/text', '1.1'));
        const [, plain] = await wire.answers(2);
        await wire.destroy();
        assert.match(stored.head, /^glassbox-trace-id: [0-9a-f]{32}\r$/im);
        assert.equal(comparable(Buffer.from(stored.head)).replace(/^glassbox-trace-id: .*\r\n/im, ''), comparable(Buffer.from(plain.head)));
        assert.deepEqual(stored.body, plain.body);
    });

    it('are refused where nobody records', async () => {
        const answer = await post(server, '/text/full', STORED);
        assert.equal(answer.status, 422);
        assert.equal(answer.json().pointer, '/trace_config/trace_output');
    });
});
