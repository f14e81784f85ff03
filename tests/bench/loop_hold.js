// SPDX-License-Identifier: MIT
// W3: the longest time for which one request of 32 MB keeps its event loop from all others, for every shape of body and
// every way that the request can go.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { program, start, stop } from '../integration/support/process.js';
import { rounds } from './load.js';
import { median } from './stats.js';

const BYTES = Number(process.env.GLASSBOX_BENCH_DIVISOR ?? 1) > 1 ? 1 << 20 : 32 << 20;
const PAUSE_MS = 10;
const ROUTE = { html: '/graph/from/html/to/dot/default', json: '/graph/from/json/to/dot/default' };
const CAPTURE = '"trace_config":{"capture_traces":true},';

const filled = (start, end, piece) => Buffer.concat([Buffer.from(start), Buffer.alloc(BYTES - start.length - end.length, piece), Buffer.from(end)]);
const repeated = (start, end, make) => {
    const parts = [];
    for (let length = start.length + end.length, i = 0; length < BYTES - 100; i++)
        length += parts[parts.push(make(i)) - 1].length;
    return filled(start + parts.join(''), end, ' ');
};
const changed = (bytes, at, byte) => Buffer.from(bytes).fill(byte, at, at + 1);

function shapesOf(config) {
    const text = filled(`{${config}"graph_data":{"html":"`, '"}}', 'a');
    return [
        ['html', text],
        ['html', changed(text, 0, '!')], ['html', changed(text, BYTES - 1, '!')], ['html', changed(text, BYTES - 5, 0xff)],
        ['html', Buffer.concat([text, Buffer.from(' ')])],
        ['json', filled(`{${config}"graph_data":`, '', '[')],
        ['json', repeated(`{${config}"graph_data":{"nodes":[`, '[]]}}', () => '[],')],
        ['json', repeated(`{${config}"graph_data":{"nodes":[`, '{"id":0}],"edges":[]}}', (i) => `{"id":"n${i}"},`)],
        ['json', repeated(`{${config}"graph_data":{`, '"":0}}', (i) => `"k${i}":1,`)],
    ];
}

const framed = {
    length: (body) => [`Content-Length: ${body.length}\r\n\r\n`, body],
    chunks: (body) => [`Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n`, body, '\r\n0\r\n\r\n'],
};

// Resolves when the server has closed the connection, however it did.
function send(server, where, headers, body, framing) {
    return new Promise((resolve) => {
        const socket = net.connect(server.port, server.host);
        socket.on('data', () => {}).on('error', () => {}).on('close', resolve);
        socket.write(`POST ${where} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${headers}`);
        for (const part of framed[framing](body))
            socket.write(part);
    });
}

// The hold in ms of one request, the median of three: what interrupts and other guests of the machine take is charged to
// whoever runs, and can be several milliseconds.
async function holdOf(server, file, way, [source, body]) {
    const holds = [];
    for (let i = 0, count = rounds(3); i < count; i++) {
        fs.writeFileSync(file, Buffer.alloc(8), { flag: 'r+' });
        await send(server, ROUTE[source] + way.suffix, `Content-Type: ${way.type ?? 'application/json'}\r\n${way.headers ?? ''}`, body, way.framing ?? 'length');
        await setTimeout(PAUSE_MS); // the loop is only then at its next wait
        holds.push(Number(fs.readFileSync(file).readBigUInt64LE()) / 1e6);
    }
    return median(holds);
}

async function longest(server, file, way, shapes) {
    let hold = 0;
    for (const shape of shapes)
        hold = Math.max(hold, await holdOf(server, file, way, shape));
    return hold;
}

async function measureWay(server, file, way) {
    const samples = [], shapes = shapesOf(way.config ?? '');
    for (let i = 0, count = rounds(3); i < count; i++)
        samples.push(await longest(server, file, way, shapes));
    return { what: `longest hold of a loop, 32 MB of each shape, ${way.name}`, unit: 'ms', limit: { of: 'subject', at_most: 5 },
             subject: { name: way.name, samples } };
}

function waysWith(token) {
    const bearer = `Authorization: Bearer ${token}\r\n`;
    return [
        { name: 'plain route', suffix: '' },
        { name: 'chunked', suffix: '', framing: 'chunks' },
        { name: 'no token', suffix: '/full', config: CAPTURE },
        { name: 'a wrong token', suffix: '/full', config: CAPTURE, headers: `Authorization: Bearer A${token}\r\n` },
        { name: 'no capture', suffix: '/full', headers: bearer },
        { name: 'captured', suffix: '/summary', config: CAPTURE, headers: bearer },
        { name: 'not JSON by its type', suffix: '/full', type: 'text/plain' },
        { name: 'no such route', suffix: '/nowhere' },
    ];
}

export async function measure(bin) {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-bench-'));
    const [keys, file] = ['keys', 'hold'].map((name) => path.join(directory, name));
    const glassbox = (...args) => execFileSync(program('glassbox'), args, { encoding: 'utf8' });
    fs.writeFileSync(keys, glassbox('token', '--new-key'), { mode: 0o600 });
    fs.writeFileSync(file, Buffer.alloc(8));
    const token = glassbox('token', '--key-file', keys, '--path', '/graph', '--expires', '1h').trim();
    const server = await start(program('glassbox'), ['serve', '--port', '0', '--threads', '1', '--key-file', keys],
                               { LD_PRELOAD: path.join(bin, 'bench-hold.so'), GLASSBOX_HOLD_FILE: file });
    const rows = [];
    try {
        for (const way of waysWith(token))
            rows.push(await measureWay(server, file, way));
    } finally {
        await stop(server);
        fs.rmSync(directory, { recursive: true });
    }
    return rows;
}
