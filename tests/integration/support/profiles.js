// SPDX-License-Identifier: MIT
// The formats of other tools, read independently of how they are written: folded stacks, the Trace Event Format and pprof.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';

import {program} from './process.js';

/** The captures whose documents `gbx-known-runs` writes. */
export const RUNS = ['request', 'truncated', 'unentered', 'ties', 'hostile', 'deep', ...Array.from({length: 8}, (_, i) => `random-${i + 1}`)];

/** What the names of files end in, by format. */
export const ENDINGS = {full: 'full.json', summary: 'summary.json', speedscope: 'speedscope.json', folded: 'collapsedstack.txt', chrome: 'trace.json', pprof: 'pb.gz'};

/** The documents of known captures in a directory of their own: path(run, format), bytes(run, format), json(run, format), close(). */
export function knownRuns() {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-known-'));
    execFileSync(program('gbx-known-runs'), [directory]);
    const pathOf = (run, format) => path.join(directory, `${run}.${ENDINGS[format]}`);
    const bytes = (run, format) => fs.readFileSync(pathOf(run, format));
    return {
        directory, bytes, path: pathOf,
        json: (run, format) => JSON.parse(new TextDecoder('utf-8', {fatal: true}).decode(bytes(run, format))),
        close: () => fs.rmSync(directory, {recursive: true, force: true}),
    };
}

/** A name as a line of folded stacks has it. */
export function foldedName(name) {
    // eslint-disable-next-line no-control-regex
    const plain = name.replace(/[\u0000-\u0020](?=[\d.]+$)/, (space, at) => (at > 0 ? '_' : space)).replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ').replaceAll(';', ':');
    return plain || '(unnamed)';
}

/** The lines of folded stacks: [{stack: [name], ns}]. */
export function readFolded(bytes) {
    const text = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes);
    assert.ok(text === '' || text.endsWith('\n'));
    return text.split('\n').slice(0, -1).map((line) => {
        const [, stack, ns] = /^(.*) (\d+)$/.exec(line) ?? assert.fail(`no folded stack: ${line}`);
        assert.ok(Number(ns) > 0, 'a line has self time');
        return {stack: stack.split(';'), ns: Number(ns)};
    });
}

/** Microseconds as nanoseconds, exactly. */
export function nanosecondsOf(us) {
    const ns = Math.round(us * 1000);
    assert.ok(Math.abs(us * 1000 - ns) < 1e-3, `${us} us are no whole nanoseconds`);
    return ns;
}

function applyEvent(thread, {ph, ts, name, args}) {
    const at = nanosecondsOf(ts);
    assert.ok(at >= thread.now, 'events of a thread are in order');
    thread.now = at;
    if (ph === 'E') {
        const call = thread.open.pop();
        assert.equal(call?.name, name, 'an end must match the innermost begin');
        assert.ok(at > call.start, 'a call without length is an instant');
        Object.assign(call, {end: at, ...args});
        return;
    }
    const call = {name, start: at, end: ph === 'i' ? at : null, depth: thread.open.length, ...args};
    assert.ok(ph === 'B' || ph === 'i', ph);
    (ph === 'i' ? thread.instants : thread.calls).push(call);
    if (ph === 'B')
        thread.open.push(call);
}

/** The threads of a trace in the Trace Event Format: [{name, tid, calls, instants}], in the order of their events. */
export function readChrome(document) {
    assert.deepEqual(Object.keys(document), ['traceEvents', 'displayTimeUnit', 'otherData']);
    assert.equal(document.displayTimeUnit, 'ns');
    const threads = new Map();
    for (const event of document.traceEvents) {
        assert.equal(event.pid, 1);
        if (event.name === 'process_name' && event.ph === 'M')
            continue;
        const thread = threads.get(event.tid) ?? {tid: event.tid, calls: [], instants: [], open: [], now: 0};
        threads.set(event.tid, thread);
        if (event.ph === 'M')
            thread[event.name] = event.args.name ?? event.args.sort_index;
        else
            applyEvent(thread, event);
    }
    for (const {open} of threads.values())
        assert.deepEqual(open, []);
    return [...threads.values()].sort((a, b) => a.thread_sort_index - b.thread_sort_index)
        .map(({thread_name: name, tid, calls, instants}) => ({name, tid, calls, instants}));
}

/** The fields of a protocol buffer: [{number, value: BigInt} or {number, bytes}]. */
function protobufFields(bytes) {
    const fields = [];
    let at = 0;
    const varint = () => {
        let value = 0n;
        for (let shift = 0n; ; shift += 7n) {
            assert.ok(at < bytes.length && shift < 70n);
            value |= BigInt(bytes[at] & 127) << shift;
            if (bytes[at++] < 128)
                return value;
        }
    };
    while (at < bytes.length) {
        const tag = Number(varint());
        const value = varint();
        if ((tag & 7) === 0) {
            fields.push({number: tag >> 3, value});
        } else {
            assert.equal(tag & 7, 2);
            assert.ok(at + Number(value) <= bytes.length);
            fields.push({number: tag >> 3, bytes: bytes.subarray(at, (at += Number(value)))});
        }
    }
    return fields;
}

/** The packed numbers of a field, or one that is not packed. */
function numbersOf({value, bytes}) {
    if (!bytes)
        return [value];
    const numbers = [];
    let number = 0n, shift = 0n;
    for (const byte of bytes) {
        number |= BigInt(byte & 127) << shift;
        shift += 7n;
        if (byte < 128) {
            numbers.push(number);
            [number, shift] = [0n, 0n];
        }
    }
    assert.equal(shift, 0n);
    return numbers;
}

/** A profile of pprof: {types, defaultType, samples: [{stack (leaf first), values, labels}], comments, timeNs, durationNs}. */
export function readPprof(packed) {
    const fields = protobufFields(packed[0] === 0x1f ? zlib.gunzipSync(packed) : packed);
    const all = (number, of = fields) => of.filter((field) => field.number === number);
    const one = (number, of = fields) => all(number, of).at(-1)?.value ?? 0n;
    const strings = all(6).map(({bytes}) => new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes));
    const string = (number) => strings[Number(number)] ?? assert.fail(`no string ${number}`);
    const messages = (number, of = fields) => all(number, of).map(({bytes}) => protobufFields(bytes));
    const byId = (number, make) => new Map(messages(number).map((message) => [one(1, message), make(message)]));
    const functions = byId(5, (message) => ({name: string(one(2, message)), file: string(one(4, message)), line: Number(one(5, message))}));
    const locations = byId(4, (message) => {
        const [line] = messages(4, message);
        const called = functions.get(one(1, line));
        assert.equal(Number(one(2, line)), called.line);
        return called;
    });
    const labelOf = (label) => [string(one(1, label)), one(2, label) ? string(one(2, label)) : Number(one(3, label))];
    assert.equal(strings[0], '');
    return {
        types: messages(1).map((type) => [string(one(1, type)), string(one(2, type))]), defaultType: string(one(14)),
        samples: messages(2).map((sample) => ({
            stack: all(1, sample).flatMap(numbersOf).map((id) => locations.get(id) ?? assert.fail(`no location ${id}`)),
            values: all(2, sample).flatMap(numbersOf).map(Number), labels: Object.fromEntries(messages(3, sample).map(labelOf)),
        })),
        comments: all(13).flatMap(numbersOf).map(string), timeNs: one(9), durationNs: one(10), functions: [...functions.values()],
    };
}

/** Counts and self times of the stacks of calls (name, file, line, start, end, depth): a map from `key(stack)`, root first. */
export function stacksOf(calls, key) {
    const stacks = new Map();
    const open = [];
    const add = (stack, calls_, ns) => {
        const entry = stacks.get(key(stack)) ?? {calls: 0, ns: 0};
        stacks.set(key(stack), {calls: entry.calls + calls_, ns: entry.ns + ns});
    };
    for (const call of calls) {
        open.length = call.depth;
        if (open.length > 0)
            add([...open], 0, call.start - call.end);
        open.push(call);
        add([...open], 1, call.end - call.start);
    }
    return stacks;
}

/** go tool pprof, without anything of the user's own and without a network. */
export function goPprof(directory, ...args) {
    const env = {...process.env, HOME: directory, GOCACHE: path.join(directory, 'go'), PPROF_TMPDIR: directory, GOTOOLCHAIN: 'local', GOPROXY: 'off', GOFLAGS: ''};
    return execFileSync('go', ['tool', 'pprof', ...args], {encoding: 'utf8', env, maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe']});
}
