// SPDX-License-Identifier: MIT
// shop: what its routes answer, which statements they make, and what it leaves in a store.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';

import {get, post} from '../integration/support/client.js';
import {program, start, stop} from '../integration/support/process.js';
import {CAPTURE, example, trace} from './support.js';

// While a slow statement runs, the loop closes no idle connection; afterwards it closes all that were idle for too long.
const ONCE = {Connection: 'close'};

let server;
before(async () => (server = await start(example('shop'), ['0'])));
after(() => stop(server));

const answer = async (route, from = server) => {
    const {status, body, text} = await get(from, route).then((got) => ({status: got.status, body: got, text: got.text()}));
    assert.equal(status, 200, text);
    return body.json();
};
/** What the handler of a traced request calls: {name, notes, duration_ns, children}. */
const callOf = async (route) => {
    const {traces: {entries}} = (await post(server, route.replace(/(\?|$)/, '/full$1'), CAPTURE, ONCE)).json();
    const open = [{children: []}];
    for (const {name, event, timestamp_ns, notes = {}} of entries) {
        if (event === 'enter') {
            open.push({name, begin: timestamp_ns, children: []});
        } else {
            const call = open.pop();
            open.at(-1).children.push({...call, duration_ns: timestamp_ns - call.begin, notes});
        }
    }
    return open[0].children[0].children[0];
};
const statements = (call) => call.children.filter(({notes}) => notes['db.system'] === 'sqlite');

describe('the shop', () => {
    it('answers the orders with the same bytes in both ways', async () => {
        const orders = await get(server, '/orders');
        assert.equal(orders.json().length, 30);
        assert.deepEqual(orders.json()[0], {order: 101, cents: 250, customer: 'customer 30'});
        assert.equal((await get(server, '/orders/joined')).text(), orders.text());
    });

    it('makes a statement for each order, and one for all of them', async () => {
        const many = await callOf('/orders');
        assert.equal(many.name, 'orders');
        const [list, ...customers] = statements(many);
        assert.match(list.notes['db.statement'], /^SELECT customer, id, cents FROM orders/);
        assert.equal(customers.length, 30);
        assert.equal(new Set(customers.map(({notes}) => notes['db.statement'])).size, 1);
        assert.equal(new Set(customers.map(({notes}) => notes['db.parameters'])).size, 30);
        assert.ok(customers.every(({notes}) => notes['db.rows'] === 1));
        const [joined, ...more] = statements(await callOf('/orders/joined'));
        assert.deepEqual([joined.notes['db.rows'], more], [30, []]);
    });

    it('searches for over 100 ms, in one statement that does not tell for what', async () => {
        const [found, ...more] = statements(await callOf('/search?q=secret'));
        assert.deepEqual([found.name, more], ['WITH', []]);
        assert.ok(found.duration_ns > 100e6, `${found.duration_ns}`);
        assert.doesNotMatch(JSON.stringify(found.notes), /secret/);
    });

    it('asks for one setting eight times', async () => {
        const asked = statements(await callOf('/settings'));
        assert.equal(asked.length, 8);
        assert.equal(new Set(asked.map(({notes}) => notes['db.parameters'])).size, 1);
    });

    it('asks for three rows, and for one', async () => {
        assert.deepEqual(await answer('/three'), ['customer 1', 'customer 2', 'customer 3']);
        assert.equal(statements(await callOf('/three')).length, 3);
        assert.deepEqual(await answer('/one'), ['customer 7']);
        assert.equal(statements(await callOf('/one')).length, 1);
    });

    it('computes a price in three frames', async () => {
        const {threads: [{spans}]} = await trace(server, '/price');
        assert.deepEqual(spans, ['handler', 'price', 'price.read', 'price.compute', 'price.write']);
    });

    it('makes a report of 24 parts', async () => {
        assert.equal((await callOf('/report')).children.length, 24);
    });

    it('fails where a statement fails', async () => {
        const failed = await get(server, '/broken');
        assert.deepEqual([failed.status, failed.text()], [500, '{}\n']);
        const {traces} = (await post(server, '/broken/summary', CAPTURE)).json();
        assert.deepEqual(traces.error, {span: 'broken', reason: 'UNIQUE constraint failed: customers.id'});
    });
});

it('records its requests, and repairs the orders when it is asked to', async (t) => {
    const store = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-shop-')), 'store');
    t.after(() => fs.rmSync(path.dirname(store), {recursive: true}));
    const shop = await start(example('shop'), ['0', '--joined', '--price-percent', '110'], {GLASSBOX_STORE: store, GLASSBOX_KEEP: 'all'});
    assert.equal((await answer('/orders', shop)).length, 30);
    await answer('/price', shop);
    await stop(shop);
    const list = (...args) => JSON.parse(execFileSync(program('glassbox'), [...args, '--store', store, '--format', 'json'], {encoding: 'utf8'}));
    const {runs: [run]} = list('list');
    assert.deepEqual([run.traces, run.failed, run.lost, run.state], [2, 0, 0, 'closed']);
    assert.match(JSON.stringify(list('show', '--trace', '#1')), /orders_joined/);
});

it('says why it cannot listen', async () => {
    await assert.rejects(start(example('shop'), [String(server.port)]), /shop: listening failed/);
});
