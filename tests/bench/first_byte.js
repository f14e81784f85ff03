// SPDX-License-Identifier: MIT
// P8: compares the time to the first byte of traced and untraced responses, each on its own connection.
import net from 'node:net';

import { inTurns, rounds, rowOf, withServer } from './load.js';

const REQUESTS = rounds(200);
const CAPTURED = JSON.stringify({ trace_config: { capture_traces: true } });
const NOT_EXPORTED = JSON.stringify({ trace_config: { capture_traces: true, slow_threshold_ms: 1e6 } });

function connect(server) {
    return new Promise((resolve, reject) => {
        const socket = net.connect(server.port, server.host, () => resolve(socket.setNoDelay(true)));
        socket.once('error', reject);
    });
}

// Microseconds from sending a request to the first byte of its answer; ends once the answer has come whole.
function once(socket, { where, body }) {
    const request = `POST ${where} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${body.length}\r\n\r\n${body}`;
    return new Promise((resolve) => {
        const began = process.hrtime.bigint();
        const answer = { length: 0, head: '', tail: '' };
        let first;
        const onData = (piece) => {
            first ??= Number(process.hrtime.bigint() - began) / 1000;
            take(answer, piece);
            if (isWhole(answer)) {
                socket.off('data', onData);
                resolve(first);
            }
        };
        socket.on('data', onData);
        socket.write(request);
    });
}

// Of a long answer only its beginning, its end and its length are kept.
function take(answer, piece) {
    answer.length += piece.length;
    if (answer.head.length < 1000)
        answer.head += piece.toString('latin1');
    answer.tail = (answer.tail + piece.subarray(-7).toString('latin1')).slice(-7);
}

function isWhole({ length, head, tail }) {
    const said = /content-length: (\d+)/i.exec(head);
    return said ? length >= head.indexOf('\r\n\r\n') + 4 + Number(said[1]) : tail === '\r\n0\r\n\r\n';
}

async function median(socket, what) {
    const times = [];
    for (let i = 0; i !== REQUESTS; ++i)
        times.push(await once(socket, what));
    return times.sort((a, b) => a - b)[REQUESTS >> 1];
}

async function compare(server, what, subject, reference) {
    const sockets = [await connect(server), await connect(server)];
    const samples = await inTurns(15, () => median(sockets[0], subject), () => median(sockets[1], reference));
    sockets.forEach((socket) => socket.destroy());
    // "5 % + 50 us" as a bound on the difference: 5 % of what the reference took.
    const middle = [...samples.reference].sort((a, b) => a - b)[samples.reference.length >> 1];
    return rowOf(what, 'us', subject.name, reference.name, samples, { of: 'difference', at_most: middle * 0.05 + 50 });
}

// The second row is about the making of the trace alone: what 100,000 spans cost while they are recorded is P2's.
export const measure = () => withServer(async (server) => [
    await compare(server, 'first byte, 100 spans in 200 us',
                  { name: 'traced', where: '/busy/speedscope', body: CAPTURED },
                  { name: 'untraced', where: '/busy', body: CAPTURED }),
    await compare(server, 'first byte, 100,000 spans, exported or not',
                  { name: 'captured and exported', where: '/big/speedscope?spans=100000', body: CAPTURED },
                  { name: 'captured only', where: '/big/speedscope?spans=100000', body: NOT_EXPORTED }),
]);
