// SPDX-License-Identifier: MIT
// A server that stores every request and is killed at any moment: what was committed is whole, and the rest is counted.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';

import {program, start} from './support/process.js';
import {output, run} from './support/stores.js';

const KILLS = 20;
const CLIENTS = 8;
const LOOPS = 2;

let store;
before(() => (store = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-crash-')), 'store')));
after(() => fs.rmSync(path.dirname(store), {recursive: true}));

const json = (...args) => JSON.parse(output([...args, '--store', store, '--format', 'json']));

/** Asks until the server is gone: {sent, answered}. Kills it when `last` answers have come. */
async function askUntilKilled(server, last) {
    const counts = {sent: 0, answered: 0};
    const agent = new http.Agent({keepAlive: true, maxSockets: CLIENTS});
    const ask = () => new Promise((resolve) => {
        counts.sent++;
        const request = http.get(`${server.url}/recorded/busy?steps=5`, {agent}, (answer) => {
            answer.resume().on('error', () => resolve(false)).on('end', () => resolve(answer.complete));
        });
        request.on('error', () => resolve(false));
    });
    await Promise.all(Array.from({length: CLIENTS}, async () => {
        while (await ask())
            if (++counts.answered === last)
                server.child.kill('SIGKILL');
    }));
    agent.destroy();
    await server.exited;
    return counts;
}

describe('a server that is killed', () => {
    it(`leaves databases that open, with a prefix of its requests, ${KILLS} times`, async () => {
        const rounds = new Map(); // by run
        for (let i = 0; i < KILLS; i++) {
            const server = await start(program('gbx-test-server'), ['--threads', String(LOOPS)], {GLASSBOX_STORE: store, GLASSBOX_KEEP: 'all'});
            const counts = await askUntilKilled(server, 1 + i * 97);
            const {runs} = json('list');
            const [added, ...others] = runs.filter(({id}) => !rounds.has(id));
            assert.deepEqual([others, added.state, added.fault], [[], 'broken off', null]);
            rounds.set(added.id, counts);
        }
        const {runs} = json('list');
        assert.equal(runs.length, KILLS);
        for (const {id, traces, lost} of runs) {
            const {sent, answered} = rounds.get(id);
            // An answer leaves before its request is kept: one may be on its way in each loop.
            assert.ok(traces + lost <= sent && traces + lost >= answered - LOOPS, `${id}: ${traces} traces, ${lost} lost, ${answered} answered of ${sent}`);
            const numbers = json('list', id, '--limit', '1000000').traces.map(({number}) => number).sort((a, b) => a - b);
            assert.deepEqual(numbers, Array.from({length: traces}, (_, at) => at + 1));
            if (traces > 0)
                assert.match(output(['show', id, '--store', store, '--trace', String(traces)]), /busy\.step/);
        }
    });

    it('has the same runs and traces in a catalog that is made again', () => {
        const lists = () => {
            const {runs} = json('list');
            return runs.map((one) => [one, json('list', one.id, '--limit', '1000000')]);
        };
        const before = lists();
        for (const name of fs.readdirSync(store).filter((file) => file.startsWith('catalog.db')))
            fs.rmSync(path.join(store, name));
        // What takes longer than a second says how far it is.
        assert.match(run(['list', '--store', store]).stderr,
            /^glassbox list: the catalog is missing, and is made from the runs\n(glassbox list: reading \d+ of 20 runs\n)*$/);
        assert.deepEqual(lists(), before);
    });
});
