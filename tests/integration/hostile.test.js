// SPDX-License-Identifier: MIT
// HTTP/1 clients that are slow, sloppy or hostile: each gets its due, and the server goes on serving all others.
import assert from 'node:assert/strict';
import {after, before, describe, it} from 'node:test';

import {makeCertificate} from './support/certificate.js';
import {get, post} from './support/client.js';
import {FORMATS, SLOW, fewer, htmlBody, traced} from './support/input.js';
import {start, startGlassbox, program, stop, stopGlassbox, untilNoCaptures} from './support/process.js';
import {Wire, cpuMs, getBytes, postBytes, residentBytes, split} from './support/wire.js';

const PLAIN = '/graph/from/html/to/dot/default';
const page = (text) => htmlBody(`<p>${text}</p>`);

let server;
before(async () => (server = await startGlassbox()));
after(() => stopGlassbox(server));

const stillServes = async (which = server) => assert.equal((await post(which, PLAIN, page('still here'))).status, 200);

/** The answers to these bytes on a connection of their own, read until there are `count` or no more come. */
async function answersTo(bytes, count = 1) {
    const wire = await Wire.open(server);
    await wire.send(bytes);
    const answers = await wire.answers(count);
    await wire.destroy();
    return answers;
}

describe('a request in pieces', () => {
    for (const path of [PLAIN, `${PLAIN}/full`]) {
        it(`byte by byte: ${path}`, async () => {
            const wire = await Wire.open(server);
            await wire.sendPieces([...postBytes(path, traced(page('bytes')))].map((byte) => Buffer.from([byte])));
            const [answer] = await wire.answers(1);
            assert.equal(answer.status, 200);
            assert.match(answer.body.toString(), /bytes/);
            await wire.destroy();
        });
        it(`cut in two anywhere: ${path}`, async () => {
            const bytes = postBytes(path, traced(page('halves')));
            const wire = await Wire.open(server);
            for (let at = 1; at < bytes.length; at++)
                await wire.sendPieces([bytes.subarray(0, at), bytes.subarray(at)]);
            const answers = await wire.answers(bytes.length - 1);
            assert.deepEqual(answers.map(({status}) => status), Array(bytes.length - 1).fill(200));
            await wire.destroy();
        });
    }
});

describe('pipelining', () => {
    /** Requests of every kind with their expectations, told apart by a text of their own. */
    const rounds = Array.from({length: 12}, (_, i) => [
        [postBytes(PLAIN, page(`plain${i}`)), (body) => body.dot.includes(`plain${i}`)],
        ...FORMATS.map((format) => [
            postBytes(`${PLAIN}/${format}`, traced(page(`${format}${i}`))),
            (body) => body.graph_output.dot.includes(`${format}${i}`) && body.traces !== null,
        ]),
        [postBytes(`${PLAIN}/full`, page(`off${i}`)), (body) => body.graph_output.dot.includes(`off${i}`) && body.traces === null],
        [getBytes('/healthz'), (body) => body.status === 'ok'],
    ]).flat();

    async function check(send) {
        const wire = await Wire.open(server);
        await send(wire, Buffer.concat(rounds.map(([bytes]) => bytes)));
        const answers = await wire.answers(rounds.length);
        assert.equal(answers.length, rounds.length);
        for (const [i, [, fits]] of rounds.entries())
            assert.ok(answers[i].status === 200 && fits(answers[i].json()), `answer ${i}: ${answers[i].body}`);
        assert.equal(split(wire.bytes()).rest.length, 0);
        await wire.destroy();
    }
    it('in one packet is answered in order', () => check((wire, bytes) => wire.send(bytes)));
    it('in packets of a prime length is answered in order', () => check((wire, bytes) => {
        const pieces = [];
        for (let at = 0; at < bytes.length; at += 97)
            pieces.push(bytes.subarray(at, at + 97));
        return wire.sendPieces(pieces);
    }));
    it('behind a refusal that closes gets no answer, and nothing is left', async () => {
        const answers = await answersTo(Buffer.concat([postBytes(PLAIN, page('x'), {length: 'Content-Length: -1'}), getBytes('/healthz')]), 2);
        assert.deepEqual(answers.map(({status}) => status), [400]);
        await untilNoCaptures(server, '/healthz');
    });
});

describe('a wrong length', () => {
    const body = JSON.stringify(traced(page('length')));
    const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    for (const path of [PLAIN, `${PLAIN}/summary`]) {
        for (const length of ['-1', '+5', 'abc', '0x10', '1e3', '', ' ', '5, 5', '1 0', '99999999999999999999999999', '184467440737095516150']) {
            it(`${path}, Content-Length ${JSON.stringify(length)} is refused`, async () => {
                const [answer] = await answersTo(postBytes(path, body, {length: `Content-Length: ${length}`}));
                assert.ok([400, 413].includes(answer.status), answer.head);
                assert.match(answer.head, /^connection: close\r$/im);
            });
        }
        for (const [what, length, sent] of [
            ['twice the same', `Content-Length: ${body.length}\r\nContent-Length: ${body.length}`, body],
            ['twice, differing', `Content-Length: ${body.length}\r\nContent-Length: 4`, body],
            ['with chunks', 'Content-Length: 4\r\nTransfer-Encoding: chunked', chunked],
            ['with chunks in front', 'Transfer-Encoding: chunked\r\nContent-Length: 4', chunked],
            ['twice in chunks', 'Transfer-Encoding: chunked\r\ntransfer-encoding: chunked', chunked],
            ['in chunks and unknown', 'Transfer-Encoding: gzip, chunked', chunked],
        ]) {
            it(`${path}, ${what}: 400, and what follows is no request`, async () => {
                const answers = await answersTo(Buffer.concat([postBytes(path, sent, {length}), getBytes('/healthz')]), 2);
                assert.deepEqual(answers.map(({status}) => status), [400]);
                assert.match(answers[0].head, /application\/problem\+json/);
            });
        }
        it(`${path}, too short: the body is no JSON, and the rest is no request`, async () => {
            const wire = await Wire.open(server);
            await wire.send(postBytes(path, body, {length: `Content-Length: ${body.length - 5}`}));
            assert.deepEqual((await wire.answers(1)).map(({status}) => status), [400]);
            wire.socket.end('\r\n\r\n');
            await wire.closed;
            assert.ok(split(wire.bytes()).answers.every(({status}) => status === 400));
        });
        it(`${path}, too long: no answer to half a body when the client leaves`, async () => {
            const wire = await Wire.open(server);
            await wire.send(postBytes(path, body, {length: `Content-Length: ${body.length + 5}`}));
            wire.socket.end();
            await wire.closed;
            assert.equal(wire.length, 0);
        });
    }
});

describe('chunks', () => {
    const text = JSON.stringify(traced(page('chunks')));
    const chunk = (piece, extension = '') => `${piece.length.toString(16)}${extension}\r\n${piece}\r\n`;
    const bySize = (size, extension) => Array.from({length: Math.ceil(text.length / size)}, (_, i) => chunk(text.slice(i * size, (i + 1) * size), extension)).join('');
    const good = {
        'of one byte': bySize(1) + '0\r\n\r\n', 'of seven bytes': bySize(7) + '0\r\n\r\n', 'with extensions': bySize(5, ';name=value') + '0;last\r\n\r\n',
        'with trailers': bySize(50) + '0\r\nX-Trailer: 1\r\nContent-Length: 3\r\n\r\n', 'with leading zeros': `000${chunk(text)}0\r\n\r\n`,
        'in capitals': bySize(11).replaceAll('b\r\n', 'B\r\n') + '0\r\n\r\n',
    };
    const bad = {
        'without a size': `\r\n${text}\r\n0\r\n\r\n`, 'with a size that is none': `xyz\r\n${text}\r\n0\r\n\r\n`, 'with a negative size': `-5\r\n${text}\r\n0\r\n\r\n`,
        'with a size beyond all numbers': `fffffffffffffffffffff\r\n${text}`, 'longer than they say': `3\r\n${text}\r\n0\r\n\r\n`,
        'with a bare line feed after a size': `${text.length.toString(16)}\n${text}\r\n0\r\n\r\n`,
        'with a bare line feed after the data': `${text.length.toString(16)}\r\n${text}\n0\r\n\r\n`,
        'with a bare line feed in an extension': `${text.length.toString(16)};a\nb\r\n${text}\r\n0\r\n\r\n`,
        'with two carriage returns': `${text.length.toString(16)}\r\n${text}\r\r\n0\r\n\r\n`,
        'with an end of bare line feeds': `${chunk(text)}0\n\n`, 'with a folded trailer': `${chunk(text)}0\r\nA: b\r\n c\r\n\r\n`,
        'with extensions without end': `${text.length.toString(16)};${'x'.repeat(20_000)}\r\n${text}\r\n0\r\n\r\n`,
    };
    for (const path of [PLAIN, `${PLAIN}/speedscope`]) {
        for (const [what, body] of Object.entries(good)) {
            it(`${path}, ${what} are a body, and the next request is the next`, async () => {
                const answers = await answersTo(Buffer.concat([postBytes(path, body, {length: 'Transfer-Encoding: chunked'}), getBytes('/healthz')]), 2);
                assert.deepEqual(answers.map(({status}) => status), [200, 200]);
                assert.match(answers[0].body.toString(), /chunks/);
            });
        }
        for (const [what, body] of Object.entries(bad)) {
            it(`${path}, ${what} are 400, and the connection ends`, async () => {
                const smuggled = Buffer.concat([postBytes(path, body, {length: 'Transfer-Encoding: chunked'}), getBytes('/healthz')]);
                const answers = await answersTo(smuggled, 2);
                assert.deepEqual(answers.map(({status}) => status), [400]);
                assert.match(answers[0].head, /^connection: close\r$/im);
            });
        }
    }
});

describe('heads', () => {
    const filler = 'a'.repeat(1 << 20);
    const tooLarge = {
        'a path of a megabyte': getBytes('/' + filler), 'a header of a megabyte': getBytes('/healthz', `X-A: ${filler}\r\n`),
        'a name of a megabyte': getBytes('/healthz', `${filler}: 1\r\n`), 'a thousand headers': getBytes('/healthz', 'X-A: 1\r\n'.repeat(1000)),
        'a method of a megabyte': Buffer.from(filler + ' / HTTP/1.1\r\n\r\n'), 'a megabyte that does not end': Buffer.from(`GET /healthz HTTP/1.1\r\nX-A: ${filler}`),
        'empty lines without end': Buffer.from('\r\n'.repeat(20_000)),
    };
    const malformed = {
        'a NUL in the path': getBytes('/health\0z'), 'a space before the colon': getBytes('/healthz', 'X-A : 1\r\n'),
        'an unknown version': Buffer.from('GET / HTTP/3.7\r\n\r\n'), 'no version': Buffer.from('GET /\r\n\r\n'), 'a header without a colon': getBytes('/healthz', 'nonsense\r\n'),
        'TLS to a plain port': Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3, 13, 10, 13, 10]), 'noise': Buffer.from(Array.from({length: 4096}, (_, i) => (i * 7919) % 256)),
        'a path without a slash': getBytes('healthz'), 'a star for a path': getBytes('*'),
        'HTTP/1.0 with chunks': Buffer.from(`POST ${PLAIN} HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`),
    };
    for (const [status, heads] of [[431, tooLarge], [400, malformed]]) {
        for (const [what, bytes] of Object.entries(heads)) {
            it(`${what}: refused at once and closed`, async () => {
                const wire = await Wire.open(server);
                await wire.send(bytes);
                await wire.until(() => false);
                const {answers, rest} = split(wire.bytes());
                assert.deepEqual([answers.map((answer) => answer.status), rest.length], [[status], 0]);
                assert.match(answers[0].head, /^content-type: application\/problem\+json\r$/im);
                assert.equal(answers[0].json().status, status);
                await wire.destroy();
                await stillServes();
            });
        }
    }
    it('thirty kilobytes of headers are none too many', async () => {
        const [answer] = await answersTo(getBytes('/healthz', `X-A: ${'a'.repeat(300)}\r\n`.repeat(95)));
        assert.equal(answer.status, 200);
    });
    it('white space behind a value and empty lines before a request are no part of them', async () => {
        const body = JSON.stringify(page('blank'));
        const answers = await answersTo(Buffer.concat([
            postBytes(PLAIN, body, {length: `Content-Length: ${body.length} \t`}), Buffer.from('\r\n\r\n'), getBytes('/healthz', 'Accept: */*\t\r\n')]), 2);
        assert.deepEqual(answers.map(({status}) => status), [200, 200]);
    });
});

describe('a body that is announced to be too large', () => {
    for (const tls of [false, true]) {
        describe(tls ? 'over TLS' : 'over TCP', () => {
            let certificate, narrow;
            before(async () => {
                certificate = makeCertificate();
                narrow = await startGlassbox('--max-body', '1000', ...(tls ? ['--cert', certificate.cert, '--key', certificate.key] : []));
            });
            after(async () => {
                await stopGlassbox(narrow);
                certificate.remove();
            });
            for (const [how, length, sent] of [
                ['by its length', 'Content-Length: 1001', ''], ['by its first chunk', 'Transfer-Encoding: chunked', '3e9\r\n'],
                ['by all its chunks', 'Transfer-Encoding: chunked', `1f4\r\n${' '.repeat(500)}\r\n1f5\r\n`],
            ])
                it(`${how} is refused before it is sent`, async () => {
                    const wire = await Wire.open(narrow);
                    await wire.send(postBytes(PLAIN, sent, {length}));
                    const [answer] = await wire.answers(1);
                    assert.equal(answer.status, 413);
                    assert.equal(answer.json().detail, 'the body is larger than 1000 bytes');
                    await wire.destroy();
                });
        });
    }
});

describe('slow clients', () => {
    it('are ended when their time is over, while others are served', async () => {
        const patient = await startGlassbox('--request-timeout', '1', '--threads', '1');
        const whole = postBytes(`${PLAIN}/full`, traced(page('x'.repeat(5000))));
        const bodyAt = whole.indexOf('\r\n\r\n') + 4;
        const wires = await Promise.all(Array.from({length: 40}, () => Wire.open(patient)));
        const begun = process.hrtime.bigint();
        const trickles = wires.map((wire, i) => {
            let at = i % 2 === 0 ? 0 : bodyAt; // the head, or the body
            wire.socket.write(whole.subarray(0, at));
            return setInterval(() => wire.socket.destroyed || wire.socket.write(whole.subarray(at, ++at)), 20);
        });
        let served = 0;
        let over = false;
        const ends = Promise.all(wires.map(({closed}) => closed)).then(() => (over = true));
        while (!over) {
            await stillServes(patient);
            served++;
            if (served % 50 === 0)
                await new Promise((resolve) => setTimeout(resolve, 20)); // the trickle needs its turn
        }
        await ends;
        trickles.forEach(clearInterval);
        assert.ok(served >= 50, String(served));
        assert.ok(process.hrtime.bigint() - begun >= 900_000_000n, 'not before their time');
        for (const wire of wires)
            assert.equal(wire.length, 0);
        await stopGlassbox(patient);
    });
});

describe('many clients', () => {
    it('thousands of idle connections cost little, and hinder nobody', async () => {
        const many = await startGlassbox();
        await stillServes(many);
        const before = residentBytes(many.child.pid);
        const wires = [];
        for (let batch = 0; batch < 30; batch++)
            wires.push(...await Promise.all(Array.from({length: 100}, () => Wire.open(many))));
        await Promise.all(wires.map((wire) => wire.send('GET /')));
        await stillServes(many);
        assert.equal((await post(many, `${PLAIN}/summary`, traced(page('x')))).status, 200);
        const each = (residentBytes(many.child.pid) - before) / wires.length;
        assert.ok(each < 64 * 1024, `${each} bytes each`);
        await Promise.all(wires.map((wire) => wire.send('healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')));
        for (const wire of wires)
            assert.equal((await wire.answers(1))[0].status, 200);
        await Promise.all(wires.map((wire) => wire.destroy()));
        await stopGlassbox(many);
    });
    it('more than --max-connections wait until others leave', async () => {
        const few = await startGlassbox('--max-connections', '10');
        const wires = await Promise.all(Array.from({length: 30}, () => Wire.open(few)));
        await Promise.all(wires.map((wire) => wire.send(getBytes('/healthz'))));
        const answered = new Set();
        const served = wires.map((wire) => wire.answers(1).then(([answer]) => (assert.equal(answer.status, 200), answered.add(wire))));
        let most = 0;
        while (answered.size < wires.length) {
            await Promise.race(served.filter((_, i) => !answered.has(wires[i])));
            const open = [...answered].filter((wire) => !wire.socket.destroyed);
            most = Math.max(most, open.length);
            await open[0].destroy();
        }
        assert.ok(most <= 10, `${most} at a time`);
        await Promise.all(wires.map((wire) => wire.destroy()));
        await stopGlassbox(few);
    });
    it('more than there are descriptors neither make it spin nor end it', async () => {
        const poor = await start('sh', ['-c', 'ulimit -n 80 && exec "$0" serve --port 0 --threads 2', program('glassbox')]);
        const wires = await Promise.all(Array.from({length: 200}, () => Wire.open(poor)));
        const before = cpuMs(poor.child.pid);
        await new Promise((resolve) => setTimeout(resolve, 1000)); // what is measured is this second
        assert.ok(cpuMs(poor.child.pid) - before < 500, 'it spins');
        const last = wires.at(-1);
        await last.send(postBytes(`${PLAIN}/full`, traced(page('last'))));
        await Promise.all(wires.slice(0, -1).map((wire) => wire.destroy()));
        assert.equal((await last.answers(1))[0].status, 200);
        await last.destroy();
        await untilNoCaptures(poor, '/healthz');
        await stop(poor);
    });
});

describe('clients that hang up', () => {
    const [REQUEST_STEP, ANSWER_STEP] = SLOW ? [13, 241] : [3, 61]; // odd: every second client resets its connection
    for (const path of [PLAIN, ...FORMATS.map((format) => `${PLAIN}/${format}`)]) {
        it(`anywhere in the request and the answer: ${path}`, async () => {
            const bytes = postBytes(path, traced(page('gone')));
            for (let at = 1; at <= bytes.length; at += REQUEST_STEP) {
                const wire = await Wire.open(server);
                await wire.send(bytes.subarray(0, at));
                await (at % 2 ? wire.destroy() : wire.reset());
            }
            const [whole] = await answersTo(bytes);
            for (let at = 1; at < whole.head.length + whole.body.length; at += ANSWER_STEP) {
                const wire = await Wire.open(server);
                await wire.send(bytes);
                // One answer is shorter than another by the digits of its times: then it is over before that byte.
                await wire.until((sofar) => sofar.length >= at || split(sofar).answers.length === 1);
                await wire.reset();
            }
            await untilNoCaptures(server, '/healthz');
            await stillServes();
        });
    }
    it('without a word, by the hundred, in the middle of long answers', async () => {
        const long = postBytes(`${PLAIN}/full`, traced(page('<b>long</b> '.repeat(20_000))));
        for (let round = 0; round < fewer(5); round++) {
            const wires = await Promise.all(Array.from({length: 20}, () => Wire.open(server)));
            await Promise.all(wires.map(async (wire) => {
                await wire.send(long);
                await wire.until((sofar) => sofar.length > 1000);
                await wire.reset();
            }));
        }
        await untilNoCaptures(server, '/healthz');
        assert.equal((await get(server, '/healthz')).status, 200);
    });
});
