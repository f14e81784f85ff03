// SPDX-License-Identifier: MIT
// glassbox mcp: what the official client of the protocol gets from a store, and what becomes of messages that are none.
import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import {after, before, describe, it} from 'node:test';

import {Client} from '@modelcontextprotocol/sdk/client/index.js';
import {StdioClientTransport} from '@modelcontextprotocol/sdk/client/stdio.js';

import {program, source} from './support/process.js';
import {isValid} from './support/schemas.js';
import {holdRun, makeRun, output} from './support/stores.js';

const TOKENS_MAX = 20_000, MESSAGE_BYTES_MAX = 60_000, LINE_BYTES_MAX = 1 << 20;

let top;
before(() => (top = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-mcp-'))));
after(() => fs.rmSync(top, {recursive: true}));

/** A connected client of a server over `store`: {client, stderr(), close()}. */
async function connect(store) {
    const transport = new StdioClientTransport({command: program('glassbox'), args: ['mcp', '--store', store], stderr: 'pipe'});
    let complaints = '';
    transport.stderr.on('data', (piece) => (complaints += piece));
    const client = new Client({name: 'test', version: '1'});
    await client.connect(transport);
    return {client, complaints: () => complaints, close: () => client.close()};
}

/** What a tool answers, which must have the size that it says. */
async function call(client, name, args = {}) {
    const result = await client.callTool({name, arguments: args});
    assert.equal(result.content.length, 1);
    const [{type, text}] = result.content;
    assert.equal(type, 'text');
    assert.ok(!result.isError, text);
    const document = JSON.parse(text);
    const {bytes, estimated_tokens, truncated, cut, next_cursor} = document.size;
    assert.equal(bytes, Buffer.byteLength(text));
    assert.equal(estimated_tokens, Math.ceil(bytes / 3));
    assert.ok(estimated_tokens < TOKENS_MAX && Buffer.byteLength(JSON.stringify(result)) < MESSAGE_BYTES_MAX);
    assert.equal(truncated, cut > 0 || next_cursor !== null);
    return document;
}

/** The text with which a tool fails. */
async function fault(client, name, args) {
    const {content: [{text}], isError} = await client.callTool({name, arguments: args});
    assert.equal(isError, true, text);
    return text;
}

/** All items of a list, page by page, and the number of pages. */
async function pages(client, name, args, list) {
    const items = [];
    let count = 0;
    for (let cursor; cursor !== null; count++) {
        const document = await call(client, name, {...args, ...(cursor === undefined ? {} : {cursor})});
        assert.ok(document[list].length > 0);
        items.push(...document[list]);
        cursor = document.size.next_cursor;
    }
    return {items, count};
}

const json = (args) => JSON.parse(output([...args, '--format', 'json']));

describe('a client over a store with two runs', () => {
    let store, older, newer, connection, client;
    before(async () => {
        store = path.join(top, 'two');
        older = makeRun(store, 12);
        newer = makeRun(store, 70, older);
        connection = await connect(store);
        client = connection.client;
    });
    after(() => connection.close());

    it('is told who serves, and what for', () => {
        assert.equal(client.getServerVersion().name, 'glassbox');
        assert.deepEqual(client.getServerCapabilities(), {tools: {listChanged: false}});
        assert.match(client.getInstructions(), /list .* show .* compare /s);
    });
    it('finds tools that only read, each with the schema of its arguments', async () => {
        const {tools} = await client.listTools();
        assert.deepEqual(tools.map(({name}) => name), ['list', 'report', 'show', 'compare']);
        for (const {annotations, inputSchema, description} of tools) {
            assert.equal(annotations.readOnlyHint, true);
            assert.equal(inputSchema.additionalProperties, false);
            assert.ok(description.length > 50);
            for (const {description: text, type} of Object.values(inputSchema.properties))
                assert.ok(text && type);
        }
        await client.ping();
    });
    it('gets the runs as the command lists them', async () => {
        const document = await call(client, 'list');
        assert.deepEqual(document.runs, json(['list', '--store', store]).runs);
        assert.deepEqual(document.runs.map(({id}) => id), [newer, older]);
        const {items, count} = await pages(client, 'list', {limit: 1}, 'runs');
        assert.deepEqual({items, count}, {items: document.runs, count: 2});
        assert.deepEqual((await call(client, 'list', {since: '1d'})).runs, document.runs);
    });
    it('gets the traces of a run page by page, as the command lists them', async () => {
        const all = json(['list', '--store', store, newer, '--limit', '100']);
        const first = await call(client, 'list', {run: 'latest'});
        assert.deepEqual({run: first.run, traces: first.traces}, {run: all.run, traces: all.traces.slice(0, 20)});
        const {items, count} = await pages(client, 'list', {run: newer}, 'traces');
        assert.deepEqual({items, count}, {items: all.traces, count: 4});
        assert.deepEqual((await call(client, 'list', {run: newer, failed: true})).traces.map(({number}) => number).sort((a, b) => a - b), [10, 20, 30, 40, 50, 60, 70]);
        assert.deepEqual((await call(client, 'list', {run: newer, route: '/h*'})).traces.map(({number}) => number), [3]);
        assert.deepEqual((await call(client, 'list', {run: newer, slower_than: '100s'})).traces, []);
        assert.deepEqual((await call(client, 'list', {run: newer, since: '1d'})).traces, []); // they began in 2025
    });
    it('gets the spans of a trace as the command shows them', async () => {
        const tree = json(['show', '--store', store, newer, '--trace', '8']);
        const document = await call(client, 'show', {run: newer, trace: '8', min_share: 0});
        assert.deepEqual({run: document.run, trace: document.trace}, {run: tree.run, trace: tree.trace});
        assert.deepEqual(document.threads, tree.threads.map(({spans, ...rest}) => rest));
        const flat = (spans, depth) => spans.flatMap(({children, ...rest}) => [{depth, ...rest}, ...flat(children, depth + 1)]);
        assert.deepEqual(document.spans.map(({span, parent, thread, ...rest}) => rest), tree.threads.flatMap(({spans}) => flat(spans, 0)));
        const numbers = new Set(document.spans.map(({span}) => span));
        assert.ok(document.spans.every(({parent, depth}) => depth === 0 ? parent === null : numbers.has(parent)));
        const {items} = await pages(client, 'show', {run: newer, trace: '8', min_share: 0, limit: 1}, 'spans');
        assert.deepEqual(items, document.spans);
    });
    it('sees first what matters, and digs for what is hidden', async () => {
        const summary = await call(client, 'show', {run: newer, trace: '11', min_share: 50});
        assert.deepEqual(summary.spans.map(({name, hidden}) => ({name, hidden})), [{name: 'handle', hidden: 3}]);
        const below = await call(client, 'show', {run: newer, trace: '11', span: summary.spans[0].span, min_share: 0});
        assert.deepEqual(below.spans.map(({name}) => name), ['handle', 'parse', 'db.query', 'row']);
        const query = below.spans.find(({name}) => name === 'db.query');
        const only = await call(client, 'show', {run: newer, trace: '11', span: query.span, depth: 1});
        assert.deepEqual(only.spans.map(({name, hidden, notes}) => ({name, hidden, notes})), [{name: 'db.query', hidden: 1, notes: {statement: 'SELECT 1'}}]);
        // What failed is there, however small its share.
        const failed = await call(client, 'show', {run: newer, trace: '10', min_share: 100, depth: 1});
        assert.deepEqual(failed.spans.map(({name, failed}) => ({name, failed})), [{name: 'handle', failed: 0}, {name: 'db.query', failed: 1}]);
    });
    it('gets the report as the command makes it, the first findings of each rule, or those of one', async () => {
        const whole = json(['report', '--store', store, newer]);
        const all = await call(client, 'report', {run: newer, top: 10});
        const {findings, size, acknowledged, ...rest} = all;
        const {findings: expected, acknowledged: kept, ...others} = whole;
        assert.deepEqual({...rest, acknowledged}, {...others, acknowledged: kept.length});
        assert.ok(expected.length > 0);
        assert.deepEqual(findings.map(({signature}) => signature), expected.map(({signature}) => signature));
        const [{rule}] = expected;
        const one = await call(client, 'report', {run: newer, top: 10, rule});
        assert.deepEqual(one.findings, expected.filter((finding) => finding.rule === rule));
        assert.ok((await call(client, 'report', {run: newer, top: 1})).left_out >= 0);
        assert.equal((await call(client, 'report', {run: newer, baseline: older})).run.id, newer);
        assert.match(await fault(client, 'report', {rule: 'x'}), /^rule must be one of slow-endpoint, .*, not 'x'$/);
        assert.match(await fault(client, 'report', {cursor: '1x'}), /call again without a cursor$/);
    });
    it('gets the comparison as the command makes it, page by page', async () => {
        const whole = json(['compare', older, newer, '--store', store]);
        const {size, frames, routes, ...rest} = await call(client, 'compare', {before: older, after: 'latest', limit: 200});
        const {frames: expected, routes: all, ...others} = whole;
        rest.after.name = newer;
        assert.deepEqual({...rest, frames, routes}, {...others, frames: expected, routes: all});
        const {items, count} = await pages(client, 'compare', {before: older, after: newer, limit: 1}, 'frames');
        assert.deepEqual({items, count}, {items: expected, count: expected.length});
        assert.equal((await call(client, 'compare', {before: `${older}#1`, after: 'latest?route=/graph', by: 'total'})).by, 'total');
        assert.equal(await fault(client, 'compare', {before: 'latest'}), 'after is missing');
        assert.match(await fault(client, 'compare', {before: 'latest', after: 'latest?speed=1'}), /speed/);
    });
    it('finds a trace by its whole id without a run', async () => {
        const {trace_id} = json(['list', '--store', store, older]).traces[3];
        const document = await call(client, 'show', {trace: trace_id});
        assert.deepEqual([document.run.id, document.trace.trace_id], [older, trace_id]);
    });
    it('reads what is wrong with a call, and what to do', async () => {
        assert.match(await fault(client, 'list', {run: '20991231'}), /^no run '20991231': the newest is '/);
        assert.equal(await fault(client, 'list', {failed: true}), "failed selects traces of a run; give run too, such as 'latest'");
        assert.equal(await fault(client, 'list', {runs: 'x'}), "list has no argument 'runs'; did you mean 'run'?");
        assert.equal(await fault(client, 'list', {limit: 'many'}), "limit takes a number from 1 to 200, not 'many'");
        assert.match(await fault(client, 'list', {limit: 100000}), /^limit /);
        assert.equal(await fault(client, 'list', {limit: -1}), "limit takes a number from 1 to 200, not '-1'");
        assert.equal(await fault(client, 'list', {run: 'latest', failed: 1}), 'failed must be of type boolean, not integer');
        assert.equal(await fault(client, 'list', {limit: [1]}), 'limit must be of type integer, not array');
        assert.equal(await fault(client, 'list', {run: 'a\0b'}), 'run must not contain NUL');
        for (const cursor of ['x', '1.', '1.2.3', '-1.2', '99999999999999999999999.1'])
            assert.match(await fault(client, 'list', {run: 'latest', cursor}), /does not go with these arguments; call again without a cursor$/);
        assert.match(await fault(client, 'list', {cursor: '1'}), /call again without a cursor$/);
        for (const cursor of ['0', '-1', '99', 'x'])
            assert.match(await fault(client, 'show', {cursor}), /call again without a cursor$/);
        assert.match(await fault(client, 'show', {span: 2, cursor: '1'}), /call again without a cursor$/);
        for (const cursor of ['1000', '1000000000', '18446744073709551616', '-1', 'x']) {
            assert.match(await fault(client, 'compare', {before: older, after: newer, cursor}), /call again without a cursor$/);
            assert.match(await fault(client, 'report', {run: newer, cursor}), /call again without a cursor$/);
        }
        assert.match(await fault(client, 'show', {trace: '9999'}), /^/);
        assert.match(await fault(client, 'show', {span: 4000}), /^the trace has no span 4000; it has \d+$/);
        await assert.rejects(client.callTool({name: 'drop'}), /unknown tool 'drop'/);
    });
    it('may write numbers and flags as texts, and null for nothing', async () => {
        const document = await call(client, 'list', {run: newer, failed: 'true', limit: '3', route: null});
        assert.deepEqual(document.traces.map(({status}) => status), [500, 500, 500]);
    });
    it('sees what is committed while it is connected', async () => {
        const own = path.join(top, 'growing');
        const live = await connect(own);
        assert.match(await fault(live.client, 'list', {}), /^there is no store .*'glassbox serve --store .*' makes one$/);
        const writer = await holdRun(own, 2);
        assert.deepEqual((await call(live.client, 'list')).runs.map(({traces, state}) => ({traces, state})), [{traces: 2, state: 'writing'}]);
        await writer.add(3);
        assert.deepEqual((await call(live.client, 'list')).runs.map(({traces}) => traces), [5]);
        const committed = Date.now();
        while (Date.now() <= committed + 1000)
            await new Promise((resolve) => setTimeout(resolve, 50));
        const {runs} = await call(live.client, 'list', {since: '1s'});
        await writer.close();
        const closed = await call(live.client, 'list');
        assert.deepEqual(closed.runs.map(({state}) => state), ['closed']);
        assert.ok(isValid('list', {runs: closed.runs}));
        await live.close();
        assert.deepEqual(runs.map(({id}) => id), [writer.id]); // it had not ended
    });
});

/** Answers to `lines`, whose order is that of the lines, as the server writes them; it must end by itself. */
function talk(input, {store = path.join(top, 'none'), bytes = false} = {}) {
    const {status, stdout, stderr, signal} = spawnSync(program('glassbox'), ['mcp', '--store', store], {
        input: bytes ? input : input.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)) + '\n').join(''),
        encoding: 'utf8', timeout: 60_000, maxBuffer: 1 << 26,
    });
    assert.deepEqual({status, signal, stderr}, {status: 0, signal: null, stderr: ''});
    assert.ok(stdout === '' || stdout.endsWith('\n'));
    return stdout.split('\n').slice(0, -1).map((line) => JSON.parse(line));
}

const request = (id, method, params) => ({jsonrpc: '2.0', id, method, ...(params ? {params} : {})});
const initialize = (protocolVersion) => request(0, 'initialize', {protocolVersion, capabilities: {}, clientInfo: {name: 'x', version: '1'}});
const ping = request(7, 'ping');
const pong = {jsonrpc: '2.0', id: 7, result: {}};
const codes = (answers) => answers.map(({id, error}) => [id, error?.code]);

describe('messages', () => {
    it('agree on a published version of the protocol, or on the newest', () => {
        const agreed = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '1999-01-01', ''].map((version) => talk([initialize(version)])[0].result.protocolVersion);
        assert.deepEqual(agreed, ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2025-11-25', '2025-11-25']);
        assert.deepEqual(codes(talk([request(1, 'initialize', {}), request(2, 'initialize')])), [[1, -32602], [2, -32602]]);
    });
    it('that are not well-formed are answered with why, and the next is read', () => {
        const cases = [
            ['{', null, -32700], ['\u0000', null, -32700], ['nope', null, -32700], ['{"a":"\\ud800"}', null, -32700], ['{}{}', null, -32700],
            ['42', null, -32600], ['null', null, -32600], ['"ping"', null, -32600], ['{}', null, -32600], ['[]', null, -32600], ['[1]', null, -32600],
            [{id: 1, method: 'ping'}, 1, -32600], [{jsonrpc: '1.0', id: 'x', method: 'ping'}, 'x', -32600],
            [{jsonrpc: '2.0', id: null, method: 'ping'}, null, -32600], [{jsonrpc: '2.0', id: [1], method: 'ping'}, null, -32600],
            [{jsonrpc: '2.0', id: {}, method: 'ping'}, null, -32600], [{jsonrpc: '2.0', id: 'x'.repeat(400), method: 'ping'}, null, -32600],
            [{jsonrpc: '2.0', id: 2, method: 3}, 2, -32600], [{jsonrpc: '2.0', id: 3, method: 'ping', params: [1]}, 3, -32602],
            [request(4, 'resources/list'), 4, -32601], [request(5, ''), 5, -32601], [request(6, 'x\u001b[2J\n'.repeat(1000)), 6, -32601],
            [request(8, 'tools/call', {}), 8, -32602], [request(9, 'tools/call', {name: 5}), 9, -32602],
            [request(10, 'tools/call', {name: 'list', arguments: []}), 10, -32602], [request(11, 'tools/list', {cursor: 'x'}), 11, -32602],
        ];
        for (const [line, id, code] of cases)
            assert.deepEqual(codes(talk([line, ping])), [[id, code], [7, undefined]], JSON.stringify(line).slice(0, 100));
    });
    it('that want no answer have none', () => {
        assert.deepEqual(talk([{jsonrpc: '2.0', method: 'notifications/initialized'}, {jsonrpc: '2.0', method: 'notifications/cancelled', params: {requestId: 1}},
            {jsonrpc: '2.0', method: 'ping'}, {jsonrpc: '2.0', method: 'nothing', params: 3}, {jsonrpc: '2.0', id: 1, result: {}}, {jsonrpc: '2.0', id: 1, error: {}}, '', '\r', ping]), [pong]);
    });
    it('may end in CRLF, or at the end of the input', () => {
        assert.deepEqual(talk(`${JSON.stringify(ping)}\r\n${JSON.stringify(ping)}`, {bytes: true}), [pong, pong]);
        assert.deepEqual(talk('', {bytes: true}), []);
        assert.deepEqual(codes(talk('{"jsonrpc":"2.0","id":7,"me', {bytes: true})), [[null, -32700]]);
    });
    it('repeat ids of any form that is allowed', () => {
        for (const id of [0, -1, 1.5, '', 'x', '\u2028\u001b"\\', 9007199254740991])
            assert.deepEqual(talk([request(id, 'ping')]), [{jsonrpc: '2.0', id, result: {}}]);
    });
    it('come in batches only where the protocol has them', () => {
        assert.deepEqual(codes(talk([initialize('2025-11-25'), [ping], ping])), [[0, undefined], [null, -32600], [7, undefined]]);
        const [, several, ...rest] = talk([initialize('2025-03-26'), [ping, 1, {jsonrpc: '2.0', method: 'notifications/x'}, initialize('2025-06-18')],
            [{jsonrpc: '2.0', method: 'notifications/x'}], [], Array(33).fill(ping), ping]);
        assert.deepEqual(codes(several), [[7, undefined], [null, -32600], [0, -32600]]);
        assert.deepEqual(codes(rest), [[null, -32600], [null, -32600], [7, undefined]]);
    });
    it('of 10 MB are refused with bounded memory', () => {
        const large = Buffer.alloc(10 << 20, 'x');
        const end = Buffer.from(`\n${JSON.stringify(ping)}\n`);
        assert.deepEqual(codes(talk(Buffer.concat([large, end]), {bytes: true})), [[null, -32700], [7, undefined]]);
        assert.deepEqual(codes(talk(large, {bytes: true})), [[null, -32700]]); // one without an end
        const deep = Buffer.from('['.repeat(900_000) + '\n');
        assert.deepEqual(codes(talk(Buffer.concat([deep, end]), {bytes: true})), [[null, -32700], [7, undefined]]);
        const text = (length) => Buffer.from(`{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"${'y'.repeat(length)}"}}`);
        const room = LINE_BYTES_MAX - text(0).length;
        assert.deepEqual(codes(talk(Buffer.concat([text(room), end, text(room + 1), end]), {bytes: true})), [[1, undefined], [7, undefined], [null, -32700], [7, undefined]]);
    });
    it('by the hundred thousand are answered one by one', () => {
        const answers = talk(Buffer.concat([Buffer.alloc(200_000, '{\n'), Buffer.from(`${JSON.stringify(ping)}\n`)]), {bytes: true});
        assert.equal(answers.length, 100_001);
        assert.deepEqual(answers.at(-1), pong);
    });
});

describe('docs/mcp.md', () => {
    const markdown = fs.readFileSync(source('docs', 'mcp.md'), 'utf8');
    it('has a line that is answered', () => {
        const [, line] = /^echo '(.*)' \| glassbox mcp$/m.exec(markdown);
        assert.match(talk([line])[0].result.content[0].text, /^there is no store /);
    });
    it('names the tools, their arguments and the versions of the protocol', () => {
        const [listed, again] = talk([request(1, 'tools/list'), request(2, 'tools/list', {cursor: null})]);
        assert.deepEqual(again.result, listed.result);
        const rows = new Map([...markdown.matchAll(/^\| `(\w+)` \|.*\| (.*) \|$/gm)].map(([, name, names]) => [name, names.match(/\w+/g)]));
        rows.set('list', ['run', ...markdown.match(/^\| `list` with `run` \|.*\| (.*) \|$/m)[1].match(/\w+/g)]);
        for (const {name, inputSchema} of listed.result.tools)
            assert.deepEqual(rows.get(name).sort(), Object.keys(inputSchema.properties).filter((argument) => argument !== 'cursor').sort());
        const [, versions] = /Versions\s+(.*?)\s+of the\s+protocol/s.exec(markdown);
        for (const version of versions.match(/\d{4}-\d\d-\d\d/g))
            assert.equal(talk([initialize(version)])[0].result.protocolVersion, version);
    });
});

describe('a client that leaves', () => {
    const begin = (store) => spawn(program('glassbox'), ['mcp', '--store', store], {stdio: ['pipe', 'pipe', 'pipe']});
    const ended = (child) => new Promise((resolve) => {
        let stderr = '';
        child.stderr.on('data', (piece) => (stderr += piece));
        child.on('close', (code, signal) => resolve({code, signal, stderr}));
    });
    it('ends the server by ending its input', async () => {
        const child = begin(top);
        const end = ended(child);
        const lines = readline.createInterface({input: child.stdout})[Symbol.asyncIterator]();
        child.stdin.write(`${JSON.stringify(ping)}\n`);
        assert.deepEqual(JSON.parse((await lines.next()).value), pong);
        child.stdin.end();
        assert.deepEqual(await end, {code: 0, signal: null, stderr: ''});
    });
    it('has not made it grow by what it refused', {skip: fs.existsSync('/proc/self/status') ? false : 'needs /proc'}, async () => {
        const child = begin(top);
        const end = ended(child);
        const lines = readline.createInterface({input: child.stdout})[Symbol.asyncIterator]();
        const peak = () => Number(/^VmHWM:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]);
        child.stdin.write(`${JSON.stringify(ping)}\n`);
        await lines.next();
        const before = peak();
        child.stdin.write(Buffer.alloc(64 << 20, '['));
        child.stdin.write(`\n${JSON.stringify(ping)}\n`);
        assert.equal(JSON.parse((await lines.next()).value).error.code, -32700);
        assert.deepEqual(JSON.parse((await lines.next()).value), pong);
        assert.ok(peak() - before < 16 << 10, `${before} kB, then ${peak()} kB`);
        child.stdin.end();
        assert.equal((await end).code, 0);
    });
    it('ends it without a complaint by reading no more', async () => {
        const child = begin(top);
        const end = ended(child);
        child.stdin.on('error', () => {}); // the server may be gone before all is written
        child.stdout.destroy();
        child.stdin.write(`${JSON.stringify(ping)}\n`.repeat(1000));
        assert.deepEqual(await end, {code: 0, signal: null, stderr: ''});
    });
});
