// SPDX-License-Identifier: MIT
// A connection of bare bytes, for clients that no library would let us be.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';
import {setImmediate as nextTurn} from 'node:timers/promises';

/** A connection that keeps what came: send(), until(enough), closed (also by a reset), wasReset, destroy(). Over TLS where the server has it. */
export class Wire {
    static open(server, options = {}) {
        return new Promise((resolve, reject) => {
            const raw = net.connect({port: server.port, host: server.host, noDelay: true, allowHalfOpen: true, ...options});
            const socket = server.tls ? tls.connect({socket: raw, allowHalfOpen: true, rejectUnauthorized: false}) : raw;
            const refuse = (error) => reject(error);
            socket.once('error', refuse);
            socket.once(server.tls ? 'secureConnect' : 'connect', () => {
                socket.off('error', refuse);
                resolve(new Wire(socket, raw));
            });
        });
    }

    constructor(socket, raw = socket) {
        this.socket = socket;
        this.raw = raw; // below TLS
        this.pieces = [];
        this.length = 0;
        this.ended = false;
        this.wasReset = false;
        this.closed = new Promise((resolve) => socket.once('close', () => ((this.ended = true), resolve())));
        socket.on('error', ({code}) => (this.wasReset ||= code === 'ECONNRESET')); // 'close' follows
        socket.on('end', () => ((this.ended = true), socket.end()));
        socket.on('data', (piece) => {
            this.pieces.push(piece);
            this.length += piece.length;
        });
    }

    /** Resolves when the bytes are the kernel's, or the connection is gone. */
    send(bytes) {
        return new Promise((resolve) => this.socket.write(bytes, () => resolve()));
    }

    /** In pieces, each a packet of its own. */
    async sendPieces(pieces) {
        for (const piece of pieces) {
            await this.send(piece);
            await nextTurn();
        }
    }

    bytes() {
        return Buffer.concat(this.pieces);
    }

    /** Resolves to all bytes so far once `enough(bytes)`, or once there will be no more. */
    until(enough) {
        return new Promise((resolve) => {
            const look = () => {
                const bytes = this.bytes();
                if (!this.ended && !enough(bytes))
                    return;
                for (const event of ['data', 'end', 'close'])
                    this.socket.off(event, look);
                resolve(bytes);
            };
            for (const event of ['data', 'end', 'close'])
                this.socket.on(event, look);
            look();
        });
    }

    async answers(count) {
        const bytes = await this.until((sofar) => split(sofar).answers.length >= count);
        return split(bytes).answers;
    }

    destroy() {
        this.socket.destroy();
        this.raw.destroy();
        return this.closed;
    }

    /** Hangs up with a reset; a connection that the server has ended can no longer have one. */
    reset() {
        if (this.ended)
            return this.destroy();
        const closed = new Promise((resolve) => this.raw.once('close', resolve)); // the TLS socket above never closes with Node 18
        this.raw.resetAndDestroy();
        this.ended = true;
        return closed;
    }
}

/** Where the chunked body that begins at `at` ends: {body, end}, or null when it has not yet. */
function chunkedEnd(bytes, at) {
    const pieces = [];
    for (;;) {
        const line = bytes.indexOf('\r\n', at);
        if (line === -1)
            return null;
        const size = parseInt(bytes.toString('latin1', at, line), 16);
        const end = line + 2 + size + 2;
        if (end > bytes.length)
            return null;
        assert.equal(bytes.toString('latin1', end - 2, end), '\r\n');
        if (size === 0)
            return {body: Buffer.concat(pieces), end};
        pieces.push(bytes.subarray(line + 2, end - 2));
        at = end;
    }
}

/** The HTTP/1 answers that the bytes hold one behind the other, and what is left: {answers: [{status, head, body}], rest}. */
export function split(bytes) {
    const answers = [];
    for (let at = 0; ;) {
        const headEnd = bytes.indexOf('\r\n\r\n', at);
        if (headEnd === -1)
            return {answers, rest: bytes.subarray(at)};
        const head = bytes.toString('latin1', at, headEnd + 2);
        assert.match(head, /^HTTP\/1\.1 \d\d\d /);
        const length = /^content-length: (\d+)\r$/im.exec(head);
        const chunked = /^transfer-encoding: chunked\r$/im.test(head);
        const start = headEnd + 4;
        const end = length ? start + Number(length[1]) : start;
        const found = chunked ? chunkedEnd(bytes, start) : end <= bytes.length && {body: bytes.subarray(start, end), end};
        if (!found)
            return {answers, rest: bytes.subarray(at)};
        answers.push({status: Number(head.slice(9, 12)), head, body: found.body, json: () => JSON.parse(found.body.toString('utf8'))});
        at = found.end;
    }
}

/** The bytes of a POST; `length` is the header lines that say how long the body is. */
export function postBytes(path, body, {length, type = 'application/json', extra = ''} = {}) {
    const content = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\n${extra}Content-Type: ${type}\r\n${length ?? `Content-Length: ${content.length}`}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head, 'latin1'), content]);
}

export const getBytes = (path, extra = '') => Buffer.from(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n${extra}\r\n`, 'latin1');

/** Resident memory of a process, in bytes. */
export function residentBytes(pid) {
    return Number(/^VmRSS:\s*(\d+) kB/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;
}

/** Processor time that a process has used, in ms. */
export function cpuMs(pid) {
    const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10; // ticks of a hundredth of a second
}
