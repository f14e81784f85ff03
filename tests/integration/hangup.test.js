// SPDX-License-Identifier: MIT
// Clients that leave while their request is being worked on, clients that only seem to, and answers that break off.
import assert from 'node:assert/strict';
import net from 'node:net';
import {after, before, describe, it} from 'node:test';

import {get, post} from './support/client.js';
import {makeCertificate} from './support/certificate.js';
import {fewer, htmlBody, traced} from './support/input.js';
import {program, start, startGlassbox, stop, untilNoCaptures} from './support/process.js';
import {Wire, postBytes, split} from './support/wire.js';

const CAPTURE = traced({});
const PLACES = 64;

let certificate;
before(() => (certificate = makeCertificate()));
after(() => certificate.remove());
const tlsOptions = () => ['--cert', certificate.cert, '--key', certificate.key];
const transports = [['plain', () => []], ['TLS', tlsOptions]];

const startTestServer = (...args) => start(program('gbx-test-server'), args);
const status = async (server) => (await get(server, '/status')).json();
const health = async (server) => (await get(server, '/healthz')).json();

/** Asks until `condition` holds; one that never does is the test's time-out. */
async function until(ask, condition) {
    for (;;) {
        const now = await ask();
        if (condition(now))
            return now;
        await new Promise((resolve) => setTimeout(resolve, 5)); // workers have a lower priority than who asks
    }
}
const untilStatus = (server, condition) => until(() => status(server), condition);

const asked = (path, options) => postBytes(path, CAPTURE, options);
const as10 = (bytes) => Buffer.from(bytes.toString('latin1').replace('HTTP/1.1', 'HTTP/1.0'), 'latin1');

/** Connections that have each sent `bytes`. */
async function clients(server, count, bytes) {
    const wires = await Promise.all(Array.from({length: count}, () => Wire.open(server)));
    await Promise.all(wires.map((wire) => wire.send(bytes)));
    return wires;
}

const leaving = {
    'close their sockets': (wire) => wire.destroy(),
    'reset their connections': (wire) => wire.reset(),
};

/** What `count` captured requests of clients that leave hold: nothing, while their handler still waits. */
async function checkPlacesComeBack(server, count, wires, leave) {
    await untilStatus(server, ({under_way}) => under_way === count);
    assert.equal((await post(server, '/echo/full', CAPTURE)).status, 429);
    await Promise.all(wires.map(leave));
    await untilStatus(server, ({under_way, live_captures}) => under_way === 0 && live_captures === 0);
    assert.ok((await post(server, '/echo/full', CAPTURE)).json().traces);
}

for (const [transport, options] of transports) {
    describe(`clients that leave a slow handler (${transport})`, () => {
        for (const [what, leave] of Object.entries(leaving)) {
            it(`and ${what}: their captures and places are free at once, although the handler never answers`, async () => {
                const server = await startTestServer(...options());
                const wires = await clients(server, PLACES, asked('/silent/full'));
                await checkPlacesComeBack(server, PLACES, wires, leave);
                await stop(server);
            });
            it(`and ${what} before it answers: the answer is thrown away, and the server goes on`, async () => {
                const server = await startTestServer('--max-captures', '3', ...options());
                const wires = await clients(server, 3, asked('/held/summary'));
                await checkPlacesComeBack(server, 3, wires, leave);
                assert.equal((await get(server, '/release')).json(), 3);
                assert.equal((await get(server, '/release')).json(), 0);
                assert.ok((await post(server, '/echo/full', CAPTURE)).json().traces);
                await stop(server);
            });
        }
        it('with another request behind it', async () => {
            const server = await startTestServer('--max-captures', '2', ...options());
            const wires = await clients(server, 2, Buffer.concat([asked('/silent/full'), asked('/echo/full')]));
            await checkPlacesComeBack(server, 2, wires, (wire) => wire.destroy());
            await stop(server);
        });
        it('on a connection that had answers before', async () => {
            const server = await startTestServer('--max-captures', '2', ...options());
            const wires = await clients(server, 2, asked('/echo/full'));
            for (const wire of wires) {
                assert.equal((await wire.answers(1))[0].status, 200);
                await wire.send(asked('/silent/full'));
            }
            await checkPlacesComeBack(server, 2, wires, (wire) => wire.destroy());
            await stop(server);
        });
        it('after 100 Continue', async () => {
            const server = await startTestServer('--max-captures', '2', ...options());
            const [head, body] = asked('/silent/full', {extra: 'Expect: 100-continue\r\n'}).toString().split('\r\n\r\n');
            const wires = await clients(server, 2, head + '\r\n\r\n');
            for (const wire of wires) {
                await wire.answers(1);
                await wire.send(body);
            }
            await checkPlacesComeBack(server, 2, wires, (wire) => wire.destroy());
            await stop(server);
        });
        it('with HTTP/1.0: at once with a reset', async () => {
            const server = await startTestServer('--max-captures', '2', ...options());
            const wires = await clients(server, 2, as10(asked('/silent/full')));
            await checkPlacesComeBack(server, 2, wires, (wire) => wire.reset());
            await stop(server);
        });
    });

    describe(`clients that only end their side (${transport})`, () => {
        const checkTraced = ({status: code, head, json}) => {
            assert.equal(code, 200, head);
            assert.equal(json().output, 'held');
            assert.ok(json().traces.call_tree.length > 0);
        };
        it('get one interim answer, and the whole answer with its trace', async () => {
            const server = await startTestServer(...options());
            const [wire] = await clients(server, 1, asked('/held/full'));
            await untilStatus(server, ({under_way}) => under_way === 1);
            wire.socket.end();
            await wire.answers(1); // that it has come shows that the end was noticed
            assert.deepEqual([(await status(server)).under_way, (await get(server, '/release')).json()], [1, 1]);
            await wire.closed;
            const [interim, answer, ...more] = split(wire.bytes()).answers;
            assert.deepEqual([interim.head, more], ['HTTP/1.1 102 Processing\r\n', []]);
            checkTraced(answer);
            await untilNoCaptures(server, '/status');
            await stop(server);
        });
        it('get every answer when there are several', async () => {
            const server = await startTestServer(...options());
            const [wire] = await clients(server, 1, Buffer.concat([asked('/held/full'), asked('/held/full')]));
            wire.socket.end();
            await until(async () => (await get(server, '/release')).json(), () => split(wire.bytes()).answers.filter(({status: code}) => code === 200).length === 2);
            await wire.closed;
            const {answers, rest} = split(wire.bytes());
            answers.filter(({status: code}) => code !== 102).forEach(checkTraced);
            assert.equal(rest.length, 0);
            await stop(server);
        });
        it('get it over HTTP/1.0 too, with no interim answer', async () => {
            const server = await startTestServer(...options());
            const [wire] = await clients(server, 1, as10(asked('/held/full')));
            await untilStatus(server, ({under_way}) => under_way === 1);
            wire.socket.end();
            await get(server, '/status'); // another turn of the loop
            assert.equal((await get(server, '/release')).json(), 1);
            await wire.closed;
            const text = wire.bytes().toString();
            assert.match(text, /^HTTP\/1\.1 200 /);
            assert.ok(JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)).traces);
            await stop(server);
        });
    });

    describe(`a handler that breaks its answer off (${transport})`, () => {
        let server;
        before(async () => (server = await startTestServer(...options())));
        after(() => stop(server));

        // libuv takes a reset that arrives together with data for an end. So all data is read before the answer breaks off.
        for (const when of ['held', 'held&at_once']) {
            for (const [version, edit] of [['1.0', as10], ['1.1', (bytes) => bytes]]) {
                for (const code of [200, 404, 500]) {
                    it(`HTTP/${version}, ${code}, ${when}: never looks whole`, async () => {
                        const [wire] = await clients(server, 1, asked('/echo/full'));
                        await wire.answers(1);
                        const begin = wire.length;
                        await wire.send(edit(asked(`/abort/full?status=${code}&${when}`)));
                        if (when === 'held')
                            assert.match((await wire.until((bytes) => bytes.includes('half'))).toString(), /half/);
                        await until(async () => (await get(server, '/release')).json(), (count) => count === 1);
                        await wire.closed;
                        const chunked = version === '1.1' && code === 200;
                        const text = wire.bytes().subarray(begin).toString();
                        assert.equal(wire.wasReset, !chunked, text);
                        assert.ok(!text.endsWith('0\r\n\r\n'), text);
                        await untilNoCaptures(server, '/status');
                    });
                }
            }
        }
    });
}

describe('glassbox serve', () => {
    // An answer that fills every buffer on its way keeps the only worker, so that everybody else waits for it.
    const huge = JSON.stringify({graph_data: {nodes: Array.from({length: 24}, (_, id) => ({id, text: 'a'.repeat(1_000_000)})), edges: []}});
    const holdWorker = (server) => {
        const socket = net.connect(server.port, server.host);
        socket.on('error', () => {});
        socket.pause();
        socket.write(postBytes('/graph/from/json/to/d3/default', huge));
        return socket;
    };
    const ROUTE = '/graph/from/html/to/dot/default';
    const page = (text) => traced(htmlBody(`<p>${text}</p>`));
    const args = ['--workers', '1', '--slow-clients', '0', '--inline-body', '0', '--queue', '200'];

    for (const path of [ROUTE, `${ROUTE}/summary`])
        for (const [what, leave] of Object.entries(leaving)) {
            it(`${path}: clients that wait for a worker and ${what} are out of the queue at once`, async () => {
                const server = await startGlassbox(...args);
                const holder = holdWorker(server);
                await until(() => health(server), ({workers}) => workers.busy === 1);
                const wires = await clients(server, PLACES, postBytes(path, page('leaves')));
                await until(() => health(server), ({workers}) => workers.queued === PLACES);
                await Promise.all(wires.map(leave));
                const now = await until(() => health(server), ({workers, capture}) => workers.queued === 0 && capture.under_way === 0);
                assert.deepEqual([now.workers.busy, now.live_captures], [1, 0]);
                const [last] = await clients(server, 1, postBytes(`${ROUTE}/summary`, page('stays')));
                await until(() => health(server), ({workers}) => workers.queued === 1);
                holder.destroy();
                assert.ok((await last.answers(1))[0].json().traces);
                await last.destroy();
                await untilNoCaptures(server, '/healthz');
                await stop(server);
            });
        }
    for (const path of [ROUTE, `${ROUTE}/summary`])
        it(`${path}: a client that ends its side and waits for a worker gets its answer`, async () => {
            const server = await startGlassbox(...args);
            const holder = holdWorker(server);
            await until(() => health(server), ({workers}) => workers.busy === 1);
            const [wire] = await clients(server, 1, postBytes(path, page('stays')));
            await until(() => health(server), ({workers}) => workers.queued === 1);
            wire.socket.end();
            await wire.answers(1);
            assert.equal((await health(server)).workers.queued, 1);
            holder.destroy();
            await wire.closed;
            const {answers} = split(wire.bytes());
            const codes = answers.map(({status: code}) => code);
            assert.ok(codes.at(-1) === 200 && codes.slice(0, -1).every((code) => code === 102), String(codes));
            assert.match(answers.at(-1).body.toString(), /digraph/);
            await untilNoCaptures(server, '/healthz');
            await stop(server);
        });
    for (const [transport, options] of transports)
        it(`a client that does not read and leaves is not answered from what it has sent ahead (${transport})`, async () => {
            const server = await startGlassbox(...options());
            const {socket} = await Wire.open(server);
            const captured = async () => (await health(server)).capture.counts.captured;
            socket.pause();
            socket.write(Buffer.concat(Array(4000).fill(postBytes(`${ROUTE}/full`, page('x')))));
            let first = -1, blocked = 0;
            while (blocked === 0 || blocked !== first) { // until its answers fill the buffers
                first = blocked;
                await new Promise((resolve) => setTimeout(resolve, 200));
                blocked = await captured();
            }
            socket.destroy(); // with bytes that it has not read: a reset
            await untilNoCaptures(server, '/healthz');
            const after = await captured();
            assert.ok(blocked < 2000, `${blocked} answers in the buffers`);
            assert.ok(after - blocked <= 2, `${after - blocked} captures for nobody`);
            await stop(server);
        });
    it('a crowd that comes and goes over TLS leaves nothing behind', async () => {
        const server = await startGlassbox('--workers', '2', '--inline-body', '0', '--threads', '2', ...tlsOptions());
        const body = page('x'.repeat(20_000));
        await Promise.all(Array.from({length: 8}, async (_, i) => {
            for (let k = 0; k < fewer(12); k++) {
                const [wire] = await clients(server, 1, postBytes(k % 2 ? ROUTE : `${ROUTE}/full`, body));
                const way = (i + k) % 4;
                if (way === 0)
                    wire.socket.end();
                else if (way === 1)
                    await wire.until((bytes) => bytes.length > 0);
                await (way === 1 || way === 2 ? wire.reset() : wire.destroy());
            }
        }));
        await untilNoCaptures(server, '/healthz');
        await until(() => health(server), ({workers}) => workers.busy === 0 && workers.queued === 0);
        await stop(server);
    });
});
