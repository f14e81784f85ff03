// SPDX-License-Identifier: MIT
// The middleware in front of handlers of every kind: files, other threads, streams, text, bytes, errors, silence, aborts.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';
import zlib from 'node:zlib';

import {exchange, get, parseResponse, post, request} from './support/client.js';
import {checkFull, checkSummary} from './support/documents.js';
import {connect} from './support/http2.js';
import {FORMATS, LARGEST_PAGE, pagePath, readPage} from './support/input.js';
import {checkUntouched} from './support/problem.js';
import {program, start, stop, untilNoCaptures} from './support/process.js';
import {checkSpeedscope} from './support/speedscope.js';

const CAPTURE = {trace_config: {capture_traces: true}};
const ONLY = {trace_config: {capture_traces: true, trace_output: 'traces_only'}};

let server;
let files; // a directory with the pages under pages/, and a file that lies beside its own compressed form
const NOTE = 'a note\n'.repeat(100);

before(async () => {
    files = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-files-'));
    fs.symlinkSync(path.dirname(pagePath(LARGEST_PAGE)), path.join(files, 'pages'));
    fs.writeFileSync(path.join(files, 'note.txt'), NOTE);
    fs.writeFileSync(path.join(files, 'note.txt.gz'), zlib.gzipSync(NOTE));
    server = await start(program('gbx-test-server'), ['--threads', '2', '--root', files]);
});
after(async () => {
    fs.rmSync(files, {recursive: true});
    await untilNoCaptures(server, '/status');
    await stop(server);
});

/** The names of all calls of a speedscope document, whose rules are checked. */
const namesOf = (document) => checkSpeedscope(document).flat().map(({name}) => name);

/** A traced answer: its status is that of the plain one, and its trace is whole. */
async function traced(path, format = 'speedscope', query = '') {
    const answer = await post(server, `${path}/${format}${query}`, CAPTURE);
    const envelope = answer.json();
    assert.equal(answer.headers['content-type'], 'application/json');
    assert.equal(answer.headers['glassbox-capture'], 'captured');
    ({speedscope: checkSpeedscope, full: (full) => checkFull(full, answer.text()), summary: (summary) => checkSummary(summary, {complete: false})})[format](envelope.traces);
    return {answer, envelope, output: envelope.output, traces: envelope.traces};
}

describe('what the handler sees', () => {
    it('the path without the suffix, the query unchanged, and the body without the member', async () => {
        const body = JSON.stringify(CAPTURE) + '  ';
        for (const [asked, seen, query] of [['/echo/full', '/echo', null], ['/echo/a/b/summary', '/echo/a/b', null], ['/echo/full/full', '/echo/full', null], ['/echo/x/speedscope?a=1&b=/full', '/echo/x?a=1&b=/full', '?a=1&b=/full']]) {
            const {output} = (await post(server, asked, body)).json();
            assert.equal(output.path, seen);
            assert.equal(output.path_normalized, seen.replace(/\?.*/, ''));
            assert.equal(output.query, query);
            assert.equal(output.method, 'POST');
            assert.equal(output.body, '{}  ');
        }
    });
    it('what is no suffix passes through untouched', async () => {
        for (const name of ['/echo', '/echo/', '/echo/fuller', '/echo/Full', '/echo/full/', '/echo/xfull', '/echofull', '/echo/flame', '/bare/full']) {
            const answer = await post(server, name, CAPTURE);
            checkUntouched(answer);
            if (answer.status === 200)
                assert.equal(answer.json().path, name);
        }
    });
});

describe('h2o_file', () => {
    it('carries a page as text, whole, and traces the handler', async () => {
        for (const name of [LARGEST_PAGE, 'index.html']) {
            const plain = await get(server, `/file/pages/${name}`);
            assert.equal(plain.text(), readPage(name));
            for (const format of FORMATS) {
                const {answer, output, traces} = await traced(`/file/pages/${name}`, format);
                assert.equal(answer.status, 200);
                assert.ok(output === plain.text(), `${name} as ${format}`);
                for (const header of ['etag', 'last-modified', 'content-length', 'accept-ranges'])
                    assert.equal(answer.headers[header], undefined, header);
                assert.ok(traces);
            }
        }
    });
    it('carries an image as base64', async () => {
        const image = 'images/SQLite.gif';
        const bytes = fs.readFileSync(pagePath(image));
        const {envelope} = await traced(`/file/pages/${image}`);
        assert.equal(envelope.output_encoding, 'base64');
        assert.ok(Buffer.from(envelope.output, 'base64').equals(bytes));
    });
    it('a missing file is its 404, traced', async () => {
        const {answer, envelope} = await traced('/file/nothing.html');
        assert.equal(answer.status, 404);
        assert.match(envelope.output, /not found/i);
    });
    it('a condition or a range is the answer that is asked for, told beside the envelope', async () => {
        const page = readPage('index.html');
        const {headers} = await get(server, '/file/pages/index.html');
        for (const [extra, status, range, output] of [
            [{}, undefined, undefined, page],
            [{'If-None-Match': headers.etag}, '304', undefined, null],
            [{'If-Modified-Since': headers['last-modified']}, '304', undefined, null],
            [{Range: 'bytes=0-9'}, '206', `bytes 0-9/${page.length}`, page.slice(0, 10)],
        ]) {
            for (const ask of [() => post(server, '/file/pages/index.html/full', CAPTURE, extra),
                () => get(server, '/file/pages/index.html/full', {...extra, 'Glassbox-Trace-Config': '{"capture_traces":true}'})]) {
                const answer = await ask();
                assert.equal(answer.status, 200);
                assert.equal(answer.headers['glassbox-output-status'], status);
                assert.equal(answer.headers['glassbox-output-content-range'], range);
                assert.equal(answer.headers['content-range'], undefined);
                assert.equal(answer.json().output, output);
                checkFull(answer.json().traces, answer.text());
            }
        }
        const beyond = await get(server, '/file/pages/index.html/full', {Range: 'bytes=9999999-', 'Glassbox-Trace-Config': '{"capture_traces":true}'});
        assert.equal(beyond.status, 416);
        assert.equal(beyond.headers['glassbox-output-content-range'], `bytes */${page.length}`);
    });
});

describe('a handler that answers later, from another thread', () => {
    it('its work is a profile of its own', async () => {
        const {output, traces} = await traced('/later');
        assert.deepEqual(output, [0, 1, 2]);
        assert.equal(traces.profiles.length, 2);
        const threads = checkSpeedscope(traces).map((calls) => calls.map(({name}) => name));
        const [worker] = threads.splice(threads.findIndex(([first]) => first === 'later.work'), 1); // whichever took longer is first
        assert.deepEqual(worker, ['later.work', 'later.step 0', 'later.step 1', 'later.step 2']);
        assert.ok(threads[0].includes('later'));
    });
    it('is traced by header, with any method', async () => {
        const header = {'Glassbox-Trace-Config': '{"capture_traces":true}'};
        const {output, traces} = (await request(server, 'PATCH', '/later/summary', {headers: header})).json();
        assert.deepEqual(output, [0, 1, 2]);
        checkSummary(traces, {complete: false}); // the worker may begin before the loop has left
        assert.ok(traces.hotspots.some(({name}) => name === 'later.step 2'));
    });
    it('what it waits for is in spans, so that shares are of the whole', async () => {
        const alone = await start(program('gbx-test-server')); // of one event loop, which has the request
        const waiting = post(alone, '/held/summary', CAPTURE);
        while ((await get(alone, '/release')).json() === 0);
        const {traces} = (await waiting).json();
        await stop(alone);
        checkSummary(traces);
        const {calls, percentage} = traces.hotspots.find(({name}) => name === 'handler.wait');
        assert.equal(calls, 1);
        assert.ok(percentage > 0 && percentage <= 100);
        assert.ok(traces.slowest_calls.some(({name, notes, error}) => name === 'handler.wait' && error === null && Object.keys(notes).length === 0));
    });
    it('64 at a time: each has its own two threads, and no stranger', async () => {
        const all = await Promise.all(Array.from({length: 64}, (_, i) => traced('/later', FORMATS[i % 3])));
        for (const {traces} of all) {
            const threads = traces.profiles ?? traces.threads ?? traces.metadata.threads;
            assert.equal(threads.length, 2);
            const steps = traces.profiles ? namesOf(traces) : (traces.hotspots ?? traces.method_timings).map(({name}) => name);
            assert.equal(steps.filter((name) => name.startsWith('later.step')).length, 3);
        }
    });
    it('a client that does not wait for it leaves nothing behind', async () => {
        for (let i = 0; i < 20; i++) {
            const socket = net.connect(server.port, server.host);
            await new Promise((resolve) => socket.write(`POST /later/full HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${JSON.stringify(CAPTURE).length}\r\n\r\n${JSON.stringify(CAPTURE)}`, resolve));
            socket.destroy();
        }
        await untilNoCaptures(server, '/status');
    });
});

describe('bodies', () => {
    it('text is a string, whatever is in it and however it is cut', async () => {
        for (const query of ['', '?piece=1', '?piece=7', '?bytes=100000', '?bytes=100000&piece=4095', '?bytes=0']) {
            const plain = await get(server, '/text' + query);
            const {output, envelope} = await traced('/text', 'speedscope', query);
            assert.equal(output, plain.body.length === 0 ? null : plain.text());
            assert.equal(envelope.output_encoding, undefined);
        }
    });
    it('ill-formed text becomes well-formed', async () => {
        const plain = await get(server, '/text?invalid');
        for (const query of ['?invalid', '?invalid&piece=1'])
            assert.equal((await traced('/text', 'full', query)).output, plain.text());
    });
    it('bytes are base64, and say so', async () => {
        for (const query of ['', '?piece=1', '?bytes=255', '?bytes=254', '?bytes=1', '?bytes=100000&piece=1000', '?untyped']) {
            const plain = await get(server, '/binary' + query);
            const {envelope} = await traced('/binary', 'speedscope', query);
            assert.equal(envelope.output_encoding, 'base64');
            assert.ok(Buffer.from(envelope.output, 'base64').equals(plain.body), query);
        }
    });
    it('no body is null', async () => {
        const {answer, envelope} = await traced('/empty');
        assert.equal(answer.status, 200);
        assert.equal(envelope.output, null);
    });
    it('a compressed one travels as the bytes it is', async () => {
        const answer = await post(server, '/zipped/note.txt/full', CAPTURE, {'Accept-Encoding': 'gzip'});
        assert.equal(answer.headers['content-encoding'], undefined);
        assert.equal(answer.headers['glassbox-output-content-encoding'], 'gzip');
        const {output, output_encoding: encoding} = answer.json();
        assert.equal(encoding, 'base64');
        assert.equal(zlib.gunzipSync(Buffer.from(output, 'base64')).toString(), NOTE);
        assert.equal((await traced('/zipped/note.txt')).output, NOTE);
    });
    it('a filter that compresses leaves envelopes alone, with and without a trace, whatever the handler wants', async () => {
        for (const query of ['?bytes=10000', '?bytes=10000&hint']) {
            const plain = await get(server, `/compressed${query}`, {'Accept-Encoding': 'gzip'});
            assert.equal(plain.headers['content-encoding'], 'gzip');
            for (const [body, format] of [[CAPTURE, 'full'], [CAPTURE, 'speedscope'], [{...CAPTURE, trace_config: {}}, 'full']]) {
                const answer = await post(server, `/compressed/${format}${query}`, body, {'Accept-Encoding': 'gzip'});
                assert.equal(answer.headers['content-encoding'], undefined);
                assert.equal(answer.json().output, zlib.gunzipSync(plain.body).toString());
                assert.equal(answer.json().traces === null, body !== CAPTURE);
            }
        }
    });
    it('a stream goes through as it comes, and its later steps are in the trace', async () => {
        const {output, traces} = await traced('/stream', 'speedscope', '?chunks=100');
        assert.deepEqual(output, Array.from({length: 100}, (_, i) => i));
        assert.equal(namesOf(traces).filter((name) => name === 'stream.chunk').length, 100);
    });
});

describe('statuses', () => {
    for (const status of [201, 299, 400, 404, 418, 500, 503]) {
        it(`${status} stays ${status}`, async () => {
            for (const name of ['/echo', '/text', '/empty', ...(status < 400 ? [] : ['/error'])]) {
                const plain = await get(server, `${name}?status=${status}`);
                assert.equal(plain.status, status);
                assert.equal((await traced(name, 'summary', `?status=${status}`)).answer.status, status);
            }
        });
    }
    for (const status of [204, 304]) {
        it(`${status}, which cannot have a body, is told in a header`, async () => {
            const {answer, output} = await traced('/empty', 'full', `?status=${status}`);
            assert.equal(answer.status, 200);
            assert.equal(answer.headers['glassbox-output-status'], String(status));
            assert.equal(output, null);
        });
    }
    it('a handler that fails is a failed trace', async () => {
        const {answer, output, traces} = await traced('/error', 'summary');
        assert.equal(answer.status, 500);
        assert.equal(output, 'an error, as asked');
        assert.deepEqual(traces.error, {span: 'error', reason: 'as asked'});
    });
    it('a handler that declines leaves the answer to libh2o', async () => {
        const {answer, output, traces} = await traced('/decline');
        assert.equal(answer.status, 404);
        assert.equal(output, (await get(server, '/decline')).text());
        assert.ok(namesOf(traces).includes('decline'));
    });
    it('a handler that sends the request on is traced once', async () => {
        for (const query of ['', '?mirrored']) {
            const {answer, output} = await traced('/reprocess', 'speedscope', query);
            assert.equal(answer.status, 200);
            assert.ok(output.path.startsWith('/echo/again'));
        }
    });
});

describe('traces_only', () => {
    for (const name of ['/text', '/binary', '/later', '/stream', '/empty', '/error']) {
        it(`of ${name} is the document and nothing else`, async () => {
            const answer = await post(server, name + '/speedscope', ONLY);
            assert.ok(namesOf(answer.json()).includes(name.slice(1)));
        });
    }
});

describe('long traces', () => {
    it('a hundred thousand spans stream whole in every format', async () => {
        for (const format of FORMATS) {
            const {traces} = await traced('/big', format, '?spans=100000&depth=100');
            const count = {full: () => traces.metadata.entry_count / 2, summary: () => traces.entry_count / 2, speedscope: () => namesOf(traces).length}[format]();
            assert.ok(count >= 100_001, `${count} spans`);
        }
    });
    it('over HTTP/2 as well, several at a time', async () => {
        const connection = connect(server);
        const answers = await Promise.all(Array.from({length: 4}, () => connection.request('POST', '/big/speedscope?spans=20000&depth=7', CAPTURE)));
        for (const answer of answers)
            assert.equal(namesOf(answer.json().traces).filter((name) => name === 'big.nested').length, 20_000);
        await connection.close();
    });
});

describe('clients and handlers that break off', () => {
    const raw = (name) => `POST ${name} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${JSON.stringify(CAPTURE).length}\r\n\r\n${JSON.stringify(CAPTURE)}`;

    it('a response that breaks off is not passed off as whole', async () => {
        const bytes = await exchange(server, raw('/abort/full'));
        assert.throws(() => parseResponse(bytes), undefined, bytes.toString('latin1'));
        await exchange(server, raw('/abort/full?at_once'));
        await untilNoCaptures(server, '/status');
    });
    it('over HTTP/2 the stream is reset and the connection lives', async () => {
        const connection = connect(server);
        await assert.rejects(connection.request('POST', '/abort/full', CAPTURE));
        assert.equal((await connection.request('POST', '/echo/full', CAPTURE)).status, 200);
        await connection.close();
        await untilNoCaptures(server, '/status');
    });
    it('a client that hangs up on a handler that never ends frees its capture', async () => {
        for (let i = 0; i < 4; i++) {
            await new Promise((resolve, reject) => {
                const socket = net.connect(server.port, server.host, () => socket.write(raw(`/never/${FORMATS[i % 3]}`)));
                socket.on('error', reject);
                socket.once('data', () => socket.destroy());
                socket.on('close', resolve);
            });
        }
        await untilNoCaptures(server, '/status');
    });
    it('a cancelled HTTP/2 stream frees its capture, even of a handler that never answers', async () => {
        const connection = connect(server);
        for (const name of ['/never/full', '/silent/full', '/later/summary']) {
            const stream = connection.session.request({':method': 'POST', ':path': name, 'content-type': 'application/json'});
            stream.on('error', () => {});
            stream.resume(); // what came before the cancel must not hold the connection
            stream.end(JSON.stringify(CAPTURE));
            assert.equal((await connection.request('GET', '/status')).status, 200);
            stream.close(8); // CANCEL
        }
        await untilNoCaptures(server, '/status');
        await connection.close();
    });
    it('in the middle of a long trace', async () => {
        for (let i = 0; i < 9; i++) {
            await new Promise((resolve, reject) => {
                const socket = net.connect(server.port, server.host, () => socket.write(raw(`/big/${FORMATS[i % 3]}?spans=50000`)));
                let pieces = 0;
                socket.on('error', reject);
                socket.on('data', () => {
                    if (++pieces > i)
                        socket.destroy();
                });
                socket.on('close', resolve);
            });
        }
        await untilNoCaptures(server, '/status');
    });
});
