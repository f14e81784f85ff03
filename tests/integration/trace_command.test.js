// SPDX-License-Identifier: MIT
// glassbox trace: services that it starts, services that run elsewhere, and those that misbehave.
import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';

import {get, post} from './support/client.js';
import {freePort, program, start, stop} from './support/process.js';
import {checkSchema} from './support/schemas.js';
import {output} from './support/stores.js';
import {at, begin, captured, document, environment, failure, freshName, isGone, listen, runsOf, scripted, serve, serving, trace, tracesOf} from './support/tracing.js';

const GRAPH = '/graph/from/html/to/dot/default';
let body;
before(() => fs.writeFileSync((body = freshName('body')), JSON.stringify({graph_data: {html: '<p>glass box</p>'}})));

describe('a service that it starts', () => {
    /** The arguments for a graph service at a free port, after `--`, and its URL. */
    async function graphService() {
        const port = await freePort();
        return {url: `http://127.0.0.1:${port}`, command: ['--', program('glassbox'), 'serve', '--port', String(port)]};
    }

    it('stores every request, and ends', async () => {
        const {url, command} = await graphService();
        const store = freshName('store');
        const {status, stdout, stderr} = await trace(['--store', store, '--url', url + GRAPH, '--body', body, '--repeat', '20', '--concurrency', '3', ...command]);
        assert.equal(status, 0, stderr);
        const [{id, state, traces}] = runsOf(store);
        assert.deepEqual({state, traces}, {state: 'closed', traces: 20});
        assert.match(stdout, new RegExp(`^run ${id}: 20 traces, 0 failed\n20 requests \\(20 × 200\\), 0 errors, median [\\d.]+ [µm]?s, slowest [\\d.]+ [µm]?s\n[^]*--run ${id} has all findings\n$`));
        assert.ok(stderr.includes(`glassbox: listening on ${url}\n`), stderr); // it may answer before it prints that
        assert.ok(stderr.includes(`glassbox trace: ${url}${GRAPH}: 20 requests, 0 errors, median `), stderr);
        assert.deepEqual(new Set(tracesOf(store).map(({route}) => route)), new Set(['/graph/from/{source}/to/{engine}/{transformation}']));
        await assert.rejects(get(at(url), '/healthz'), {code: 'ECONNREFUSED'});
    });

    it('is told the store by an absolute name, and what to keep', async () => {
        const {url, command} = await scripted(`process.stdout.write(process.env.GLASSBOX_STORE + " " + process.env.GLASSBOX_KEEP + "\\n"); ${listen}`);
        const folder = freshName('folder');
        fs.mkdirSync(folder);
        const {stderr} = await trace(['--store', 'here', '--keep', 'errors', '--url', url, ...command], {cwd: folder});
        assert.ok(stderr.startsWith(`${fs.realpathSync(folder)}/here errors\n`), stderr);
    });

    it('is told as JSON with exact figures', async () => {
        const {url, command} = await graphService();
        const store = freshName('store');
        const {status, stdout} = await trace(['--store', store, '--format', 'json', '--url', url + GRAPH, '--url', `${url}/graph/nothing`, '--body', body, '--repeat', '3', ...command]);
        assert.equal(status, 0);
        const document = JSON.parse(stdout);
        checkSchema('trace', document);
        const {runs, requests, errors, statuses, interrupted} = document;
        assert.deepEqual({requests, errors, statuses, interrupted}, {requests: 6, errors: 0, statuses: [{status: 200, count: 3}, {status: 404, count: 3}], interrupted: false});
        assert.deepEqual(runs.map(({id}) => id), runsOf(store).map(({id}) => id));
    });

    it('goes on for a while, so that the traffic of others lands too', async () => {
        const {url, command} = await graphService();
        const store = freshName('store');
        const running = begin(['--store', store, '--url', url + GRAPH, '--body', body, '--duration', '2s', ...command]);
        await running.seen(/: 1 request, 0 errors/);
        assert.equal((await post(at(url), GRAPH, fs.readFileSync(body))).status, 200);
        assert.equal((await running.ended).status, 0);
        assert.equal(tracesOf(store).length, 2);
    });

    it('keeps what was stored when a signal comes, and is ended', async () => {
        const {url, command} = await graphService();
        const store = freshName('store');
        const running = begin(['--store', store, '--url', url + GRAPH, '--body', body, '--duration', '1h', ...command]);
        await running.seen(/: 1 request, 0 errors/);
        running.child.kill('SIGINT');
        const {status, stdout} = await running.ended;
        assert.equal(status, 130);
        assert.match(stdout, /^run .*: 1 trace, 0 failed\n1 request .*; interrupted\n/);
        assert.equal(runsOf(store)[0].state, 'closed');
        await assert.rejects(get(at(url), '/healthz'), {code: 'ECONNREFUSED'});
    });

    it('is ended with all of its processes', async () => {
        const marks = freshName('marks');
        const {url, command} = await scripted(`
            const child = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
            require("fs").writeFileSync(${JSON.stringify(marks)}, String(child.pid)); ${listen}`);
        await trace(['--store', freshName('store'), '--url', url, ...command]);
        await isGone(Number(fs.readFileSync(marks, 'utf8')));
    });

    it('is killed if it does not end and somebody asks again', async () => {
        const {url, command} = await scripted(`process.on("SIGTERM", () => process.stdout.write("not yet\\n")); ${serve}`);
        const running = begin(['--store', freshName('store'), '--url', url, ...command]);
        await running.seen(/not yet\n/);
        running.child.kill('SIGINT');
        const {status, stderr} = await running.ended;
        assert.equal(status, 1);
        assert.match(stderr, /did not end after SIGTERM, and was killed\n/);
    });

    it('may not mind its end, and has stored what it had', async () => {
        const {url, command: [dashes, ...service]} = await graphService();
        const store = freshName('store');
        // The shell dies of SIGTERM; what it leaves behind is ended with it.
        const {status} = await trace(['--store', store, '--url', url + GRAPH, '--body', body, '--repeat', '3', dashes, 'sh', '-c', '"$@" & wait', 'sh', ...service]);
        assert.equal(status, 0);
        assert.equal(tracesOf(store).length, 3);
    });

    it('is refused if something listens there already', async () => {
        const other = http.createServer().listen(0, '127.0.0.1');
        await once(other, 'listening');
        const url = `http://127.0.0.1:${other.address().port}`;
        assert.equal(await failure(['--store', freshName('store'), '--url', `${url}/x`, '--', 'true']), `something else listens at ${url} already; stop it, or trace it without '-- true'`);
        other.close();
    });

    it('cannot be started', async () => {
        const where = ['--store', freshName('store'), '--url', `http://127.0.0.1:${await freePort()}`];
        assert.equal(await failure([...where, '--', '/no/such/service']), "cannot start '/no/such/service': No such file or directory");
        assert.equal(await failure([...where, '--', body]), `cannot start '${body}': Permission denied`);
        assert.equal(await failure([...where, '--', 'sh', '-c', 'exit 3']), "'sh' ended before it listened, with status 3");
        assert.equal(await failure([...where, '--', 'sh', '-c', 'kill -9 $$']), "'sh' ended before it listened, by signal 9");
        assert.equal(await failure([...where, '--wait', '1s', '--', 'sleep', '100']), `'sleep' does not listen at ${where[3]} after 1 s (--wait)`);
    });

    it('says last what a log has, if that is elsewhere', async () => {
        const log = freshName('log');
        const where = ['--store', freshName('store'), '--url', `http://127.0.0.1:${await freePort()}`, '--log', log];
        assert.equal(await failure([...where, '--', 'sh', '-c', 'echo one; echo "no\x1b[31m port" >&2; exit 1']), String.raw`'sh' ended before it listened, with status 1; it printed: no\x1b[31m port`);
        assert.equal(fs.readFileSync(log, 'utf8'), 'one\nno\x1b[31m port\n');
    });

    it('dies under its requests', async () => {
        const {url, command} = await scripted('require("http").createServer(() => process.exit(7)).listen(port, "127.0.0.1");');
        const {status, stderr} = await trace(['--store', freshName('store'), '--url', url, '--repeat', '100', ...command]);
        assert.equal(status, 1);
        assert.match(stderr, /^glassbox trace: '\S+' ended while requests were sent, with status 7\n$/m);
    });

    it('may be any host that makes its recorder with one call', async () => {
        const port = await freePort();
        const store = freshName('store');
        const host = ['--', program('gbx-test-server'), '--port', String(port)];
        const {status, stderr} = await trace(['--store', store, '--url', `http://127.0.0.1:${port}/recorded/text`, '--repeat', '3', ...host]);
        assert.equal(status, 0, stderr);
        assert.deepEqual(tracesOf(store).map(({path: requested}) => requested), Array(3).fill('/recorded/text'));
        assert.match((await trace(['--store', store, '--url', `http://127.0.0.1:${port}/nothing`, ...host])).stderr, /: the service stored nothing, and answered everything with 404: are the paths right\?\n$/);
    });

    it('may leave requests without a trace, which is said unless --keep wants it so', async () => {
        const port = await freePort();
        const url = `http://127.0.0.1:${port}`;
        const args = (...more) => ['--store', freshName('store'), '--url', `${url}/recorded/text`, '--url', `${url}/nothing`, '--repeat', '3', ...more, '--', program('gbx-test-server'), '--port', String(port)];
        const {status, stdout, stderr} = await trace(args());
        assert.equal(status, 1);
        assert.match(stderr, /: 3 of 6 requests have no trace: are all URLs those of routes that the service captures\?\n$/);
        assert.match(stdout, /^run \S+: 3 traces, 0 failed\n6 requests /);
        assert.doesNotMatch((await trace(args('--keep', 'first'))).stderr, /have no trace/);
    });

    it('loses what it cannot write', async () => {
        const {url, command} = await graphService();
        const store = freshName('store');
        const limited = ['--', 'sh', '-c', 'ulimit -f 200 && exec "$0" "$@"', ...command.slice(1)];
        const {status, stdout, stderr} = await trace(['--store', store, '--url', url + GRAPH, '--body', body, '--repeat', '40', ...limited]);
        const [{id, traces}] = runsOf(store);
        assert.equal(status, 1);
        assert.match(stdout, new RegExp(`^run ${id}: ${traces} traces, 0 failed\n40 requests`));
        assert.match(stderr, new RegExp(`^glassbox trace: run ${id}: ${40 - traces} more traces were lost before they were stored$`, 'm'));
        assert.doesNotMatch(stderr, /stored nothing/);
    });

    it('has its store removed', async () => {
        const remove = 'require("fs").rmdirSync(process.env.GLASSBOX_STORE)', make = remove.replace('rmdir', 'mkdir');
        for (const [made, code] of [[true, `${remove}; ${listen}`], [false, `${make}; ${listen.replace('response.end("x")', `(${remove}, response.end("x"))`)}`]]) {
            const {url, command} = await scripted(code);
            const store = freshName('store');
            if (made)
                fs.mkdirSync(store);
            const {status, stdout, stderr} = await trace(['--store', store, '--url', url, ...command]);
            assert.deepEqual({status, stdout}, {status: 1, stdout: ''});
            assert.match(stderr, new RegExp(`glassbox trace: somebody has removed the store ${store}\n$`));
        }
    });

    it('stores nothing', async () => {
        const {url, command} = await scripted(listen);
        const {status, stdout, stderr} = await trace(['--store', freshName('store'), '--url', url, ...command]);
        assert.deepEqual({status, stdout}, {status: 1, stdout: ''});
        assert.match(stderr, /glassbox trace: the service stored nothing: does it call gbx_recorder_from_environment\(\), and .*\n$/);
    });
});

describe('a service that runs elsewhere', () => {
    let server;
    before(async () => (server = await start(program('glassbox'), ['serve', '--port', '0'])));
    after(() => stop(server));

    it('answers with traces, which are stored', async () => {
        const store = freshName('store');
        const {status, stdout, stderr} = await trace(['--store', store, '--url', `${server.url}${GRAPH}?secret=1`, '--body', body, '--repeat', '5', '--concurrency', '2']);
        assert.equal(status, 0, stderr);
        assert.match(stdout, /^run \S+: 5 traces, 0 failed\n5 requests \(5 × 200\), 0 errors, median /);
        assert.doesNotMatch(stdout + stderr, /secret/);
        const traces = tracesOf(store);
        for (const {method, path: requested, route, status: code, kept, spans} of traces)
            assert.deepEqual({method, requested, route, code, kept, several: spans > 5}, {method: 'POST', requested: GRAPH, route: GRAPH, code: 200, kept: ['asked'], several: true});
        const exported = JSON.parse(output(['export', '--store', store, '--format', 'full']));
        checkSchema('full', exported);
        assert.equal(exported.metadata.name, `POST ${GRAPH}`);
        assert.equal(runsOf(store)[0].program, server.url);
    });

    it('has traced failures of its own', async () => {
        const store = freshName('store');
        const {status, stderr} = await trace(['--store', store, '--url', `${server.url}${GRAPH}`, '--method', 'POST', '--header', 'Content-Type: text/plain']);
        assert.equal(status, 0, stderr);
        assert.equal(tracesOf(store)[0].status, 415);
        await serving((incoming, response) => captured(response, document, 503), async (url) => {
            assert.equal((await trace(['--store', store, '--url', url])).status, 0);
            assert.deepEqual(tracesOf(store).map(({status: code}) => code), [503]);
        });
        await serving((incoming, response) => captured(response, document, 200, {'Glassbox-Output-Status': '302'}), async (url) => {
            await trace(['--store', store, '--url', url]);
            assert.deepEqual(tracesOf(store).map(({status: code}) => code), [302]);
        });
    });

    it('gets what was given', async () => {
        const seen = [];
        await serving((incoming, response, text) => {
            seen.push({method: incoming.method, url: incoming.url, text, ...incoming.headers});
            captured(response);
        }, async (url) => {
            const store = freshName('store');
            await trace(['--store', store, '--url', `${url}/a/b?c=d`, '--url', `${url}/`, '--cookie', 'one=1', '--cookie', 'two=2', '--header', 'X-Kind: odd', '--token', 'abc']);
            await trace(['--store', store, '--url', url, '--body', '-', '--method', 'PUT', '--header', 'content-type: text/csv'], {input: 'a,b'});
            await trace(['--store', store, '--url', url, '--body', body], {env: {GLASSBOX_TOKEN: 'def'}});
        });
        const [first, second, third, fourth] = seen;
        const asking = {capture_traces: true, trace_output: 'traces_only', call_tree: 'none'};
        assert.deepEqual(JSON.parse(first['glassbox-trace-config']), asking);
        assert.deepEqual([first.method, first.url, first.cookie, first['x-kind'], first.authorization, first['content-type']], ['GET', '/a/b/full?c=d', 'one=1; two=2', 'odd', 'Bearer abc', undefined]);
        assert.equal(second.url, '/full');
        assert.deepEqual([third.method, third.text, third['content-type']], ['PUT', 'a,b', 'text/csv']);
        assert.deepEqual([fourth.method, fourth['content-type'], fourth.authorization], ['POST', 'application/json', 'Bearer def']);
    });

    it('gets as many requests at a time as it was told', async () => {
        const held = [];
        await serving((incoming, response) => {
            held.push(response);
            if (held.length === 4)
                held.splice(0).forEach((one) => captured(one));
        }, async (url) => {
            const {status, stdout} = await trace(['--store', freshName('store'), '--url', url, '--repeat', '8', '--concurrency', '4']);
            assert.equal(status, 0);
            assert.match(stdout, /8 requests/);
        });
    });

    /** What is said of an answer, in the first line, and how many traces there are. */
    async function fault(answer, ...more) {
        return await serving(answer, async (url) => {
            const {status, stdout, stderr} = await trace(['--store', freshName('store'), '--url', `${url}/x`, ...more]);
            assert.deepEqual({status, stdout}, {status: 1, stdout: ''}, stderr);
            return stderr.split('\n')[0].replaceAll(url, 'URL').replace('glassbox trace: ', '');
        });
    }
    const problem = (response, status, detail, headers = {}) =>
        response.writeHead(status, {'Content-Type': 'application/problem+json', ...headers}).end(JSON.stringify({type: 'about:blank', status, detail}));

    it('cannot be reached', async () => {
        const port = await freePort();
        const {status, stderr} = await trace(['--store', freshName('store'), '--url', `http://127.0.0.1:${port}/`, '--repeat', '50']);
        assert.equal(status, 1);
        assert.match(stderr, /^glassbox trace: http:\/\/127\.0\.0\.1:\d+\/: no answer: .*connect.*\n.*no trace of 5 requests\n.*no trace was stored\n$/);
    });
    it('has no such route', async () => {
        const line = 'URL/x/full: status 404 without a trace: this is no route that Glassbox mirrors';
        assert.equal(await fault((incoming, response) => response.writeHead(404).end('no')), line);
        assert.equal(await fault((incoming, response) => response.writeHead(200).end('<p>')), line.replace('404', '200'));
        assert.equal(await fault((incoming, response) => problem(response, 405, 'try POST')), line.replace('404', '405'));
        assert.equal(await fault((incoming, response) => response.writeHead(502).end('no')), 'URL/x/full: status 502 without a trace: the service, or a proxy before it, failed');
        assert.match(await fault((incoming, response) => response.writeHead(302, {Location: '/login'}).end()), /status 302 without a trace: it redirects, perhaps to a login/);
    });
    it('answers with what is no trace', async () => {
        assert.match(await fault((incoming, response) => captured(response, '<html>')), /^URL\/x: the answer is no trace: /);
        assert.equal(await fault((incoming, response) => captured(response, '{"response_type": "summary"}')), 'URL/x: the answer is no trace: /response_type must be "full"');
        assert.match(await fault((incoming, response) => captured(response, '')), /^URL\/x: the answer is no trace: /);
        assert.equal(await fault((incoming, response) => response.writeHead(200, {'Glassbox-Capture': 'off'}).end('{}')), 'URL/x: capturing is switched off there');
    });
    it('answers with a half', async () => {
        const half = (headers) => (incoming, response) => {
            response.writeHead(200, {'Glassbox-Capture': 'captured', ...headers}).write(document.slice(0, 500));
            setImmediate(() => response.destroy());
        };
        assert.match(await fault(half({'Content-Length': document.length})), /^URL\/x: the answer broke off: /);
        assert.match(await fault(half({})), /^URL\/x: the answer broke off: /);
        assert.match(await fault((incoming) => incoming.socket.destroy()), /^URL\/x: no answer: /);
        assert.equal(await fault((incoming) => incoming.socket.end('HTTP/1.1 200 OK\r\nContent-Le')), 'URL/x: the answer broke off: its head has no end');
    });
    it('does not answer in time', async () => {
        assert.match(await fault(() => {}, '--timeout', '1s'), /^URL\/x: no answer: .*timed out/i);
    });
    it('wants a permission', async () => {
        assert.equal(await fault((incoming, response) => problem(response, 401, 'who?')), "URL/x: status 401, capturing needs a permission; --token sends a token, which 'glassbox token' makes");
        assert.equal(await fault((incoming, response) => problem(response, 403, 'no')), "URL/x: status 403, the permission to capture does not cover this; --token sends a token, which 'glassbox token' makes");
    });
    it('gives a reason', async () => {
        assert.equal(await fault((incoming, response) => problem(response, 422, 'max_spans is \x1b[31mlarge')), String.raw`URL/x: status 422: max_spans is \x1b[31mlarge`);
    });
    it('asks to wait, which is done a few times', async () => {
        let count = 0;
        await serving((incoming, response) => (++count === 1 ? problem(response, 429, 'full', {'Retry-After': '1'}) : captured(response)), async (url) => {
            const {status, stdout} = await trace(['--store', freshName('store'), '--url', url]);
            assert.equal(status, 0);
            assert.match(stdout, /^run \S+: 1 trace, 1 failed\n1 request /);
        });
        assert.equal(await fault((incoming, response) => problem(response, 429, 'full', {'Retry-After': '1000'})), 'URL/x: status 429: full; a lower --concurrency may help');
    });
    it('stops in the middle, and what was stored stays', async () => {
        let count = 0;
        await serving((incoming, response) => (++count > 3 ? problem(response, 401, 'expired') : captured(response)), async (url) => {
            const store = freshName('store');
            const {status, stdout} = await trace(['--store', store, '--url', url, '--repeat', '10']);
            assert.equal(status, 1);
            assert.match(stdout, /^run \S+: 3 traces, [03] failed\n4 requests \(3 × 200\), 1 error, /);
            assert.equal(tracesOf(store).length, 3);
        });
    });
    it('ends with a signal and keeps what it has', async () => {
        let count = 0, child;
        await serving((incoming, response) => (++count > 2 ? child.kill('SIGTERM') : captured(response)), async (url) => {
            const running = begin(['--store', freshName('store'), '--url', url, '--repeat', '10']);
            ({child} = running);
            const {status, stdout} = await running.ended;
            assert.equal(status, 130);
            assert.match(stdout, /^run \S+: 2 traces/);
        });
    });
});

describe('a token', () => {
    it('permits capturing', async () => {
        const keys = freshName('keys'), token = freshName('token'), store = freshName('store');
        fs.writeFileSync(keys, output(['token', '--new-key']), {mode: 0o600});
        fs.writeFileSync(token, output(['token', '--key-file', keys, '--path', '/']));
        const server = await start(program('glassbox'), ['serve', '--port', '0', '--key-file', keys]);
        const args = ['--store', store, '--url', server.url + GRAPH, '--body', body];
        assert.match((await trace(args)).stderr, /status 401, capturing needs a permission/);
        assert.equal((await trace([...args, '--token', `@${token}`])).status, 0);
        await stop(server);
    });
});

describe('a login', () => {
    const PASSWORD = 'pass&word=s3cret';
    const sent = [];
    let commandLine = '';
    /** Wants a form at /login, and the two cookies that come of it everywhere else. */
    function answer(incoming, response, text) {
        sent.push([incoming.method, incoming.url, text]);
        if (incoming.url === '/login') {
            for (const name of fs.readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
                try {
                    const line = fs.readFileSync(`/proc/${name}/cmdline`, 'latin1');
                    commandLine += /--login-url/.test(line) && line.includes(incoming.headers.host) ? line : '';
                } catch {} // gone meanwhile
            }
            const {username, password} = Object.fromEntries(new URLSearchParams(text));
            if (username === 'ann' && password === PASSWORD)
                response.writeHead(302, {'Set-Cookie': 'session=42; Path=/; HttpOnly', Location: '/home'}).end();
            else
                response.writeHead(username === 'silent' ? 200 : 401).end('no');
        } else if (incoming.url === '/home') {
            response.writeHead(200, {'Set-Cookie': 'more=1'}).end('hello');
        } else if (/session=42/.test(incoming.headers.cookie) && /more=1/.test(incoming.headers.cookie)) {
            captured(response);
        } else {
            problem401(response);
        }
    }
    const problem401 = (response) => response.writeHead(401).end();
    const inStore = (store) => fs.readdirSync(store).some((name) => fs.readFileSync(path.join(store, name)).includes('s3cret'));

    it('keeps the session for every request, and the password nowhere', async () => {
        await serving(answer, async (url) => {
            const store = freshName('store');
            const {status, stdout, stderr} = await trace(['--store', store, '--login', `ann:${PASSWORD}`, '--login-url', '/login', '--url', `${url}/x`, '--url', `${url}/y`, '--repeat', '2']);
            assert.equal(status, 0, stderr);
            assert.equal(tracesOf(store).length, 4);
            assert.doesNotMatch(stdout + stderr, /s3cret/);
            assert.ok(!inStore(store));
            assert.match(commandLine, /--login-url/);
            assert.doesNotMatch(commandLine, /s3cret/);
            assert.deepEqual(sent.slice(0, 2), [['POST', '/login', 'username=ann&password=pass%26word%3Ds3cret'], ['GET', '/home', '']]);
        });
    });
    it('reads it from standard input', async () => {
        await serving(answer, async (url) => {
            const {status, stderr} = await trace(['--store', freshName('store'), '--login', '-', '--login-url', '/login', '--url', `${url}/x`], {input: `ann:${PASSWORD}\nmore\n`});
            assert.equal(status, 0, stderr);
        });
    });
    it('names other fields', async () => {
        sent.length = 0;
        await serving(answer, (url) => trace(['--store', freshName('store'), '--login', 'a:b', '--login-fields', 'user name,pw', '--login-url', '/login', '--url', url]));
        assert.equal(sent[0][2], 'user%20name=a&pw=b');
    });
    it('is refused', async () => {
        await serving(answer, async (url) => {
            const args = ['--store', freshName('store'), '--login-url', '/login', '--url', `${url}/x`, '--login'];
            const refused = async (login) => (await trace([...args, login])).stderr.replaceAll(url, 'URL');
            assert.equal(await refused('ann:wrong'), 'glassbox trace: login at URL/login: it was refused with status 401\n');
            assert.equal(await refused('silent:x'), 'glassbox trace: login at URL/login: it set no cookie; are --login-url and --login-fields right?\n');
            assert.equal(await failure([...args, 'ann'], 2), '--login takes USER:PASSWORD, which has a colon');
        });
    });
});

describe('its command line', () => {
    it('is refused if something is missing or in vain', async () => {
        const url = ['--url', 'http://127.0.0.1:9/'];
        for (const [args, line] of [
            [[], /url/],
            [['--url', 'ftp://ann:hush@127.0.0.1/'], /^'127\.0\.0\.1\/' is no URL of http or https$/],
            [['--url', 'ftp://127.0.0.1/'], /^'ftp:\/\/127\.0\.0\.1\/' is no URL of http or https$/],
            [[...url, '--'], /^missing COMMAND after '--'$/],
            [[...url, '--duration', '3s'], /^--duration needs '-- COMMAND'/],
            [[...url, '--log', 'x'], /^--log needs '-- COMMAND'/],
            [[...url, '--method', 'HEAD'], /^the answer to HEAD has no room for a trace/],
            [[...url, '--header', 'odd'], /^--header takes a header such as 'Name: value', not 'odd'$/],
            [[...url, '--cookie', 'odd'], /^--cookie takes a cookie such as NAME=VALUE, not 'odd'$/],
            [[...url, '--login', 'a:b'], /login-url/],
            [[...url, '--login', '-', '--login-url', '/l', '--body', '-'], /^only one of --body and --login can be -$/],
            [[...url, '--keep', 'odd', '--', 'true'], /odd/],
        ])
            assert.match(await failure(args, 2), line);
    });
    it('is told once if its store can be none', async () => {
        const url = ['--url', `http://127.0.0.1:${await freePort()}/`];
        for (const rest of [[], ['--', 'true']])
            assert.equal(await failure(['--store', '/dev/null', ...url, ...rest]), 'store /dev/null: it is no folder; a store is the folder of its files');
    });
    it('says that the working directory is gone', () => {
        const folder = freshName('gone');
        fs.mkdirSync(folder);
        const {status, stderr} = spawnSync('sh', ['-c', 'cd "$1" && rmdir "$1" && exec "$2" trace --url http://127.0.0.1:9/', 'sh', folder, program('glassbox')], {encoding: 'utf8', env: environment});
        assert.deepEqual({status, stderr}, {status: 1, stderr: 'glassbox trace: the working directory: No such file or directory\n'});
    });
});

/** Whether commands can be run on a terminal here: an empty root may have none. */
const hasTerminals = spawnSync('script', ['-qec', 'true', '/dev/null'], {stdio: ['ignore', 'ignore', 'ignore']}).status === 0;

describe('on a terminal', {skip: hasTerminals ? false : 'needs a terminal'}, () => {
    it('a bar tells how far it is, and is gone in the end', async () => {
        await serving((incoming, response) => captured(response), async (url) => {
            const command = `${program('glassbox')} trace --store ${freshName('store')} --url ${url}/x --repeat 30 >/dev/null`;
            const child = spawn('script', ['-qec', command, '/dev/null'], {env: {...environment, TERM: 'xterm', COLUMNS: '120'}, stdio: ['ignore', 'pipe', 'inherit']});
            let shown = '';
            child.stdout.on('data', (piece) => (shown += piece));
            await once(child, 'close');
            assert.match(shown, /^\r\x1b\[K\[.* *\] \d+\/30 {2}[\d.]+\/s {2}errors 0 {2}http:/);
            assert.ok(shown.endsWith('\r\x1b[K'), JSON.stringify(shown));
        });
    });

    it('Ctrl+C where the login is asked for ends it by the signal', async () => {
        const command = `trap : INT; ${program('glassbox')} trace --store ${freshName('store')} --url http://127.0.0.1:1/ --login - --login-url /login; echo "status $?"; stty -a | grep -o ' -\\?echo '`;
        const child = spawn('script', ['-qec', command, '/dev/null'], {env: environment, stdio: ['pipe', 'pipe', 'inherit']});
        let shown = '';
        child.stdout.on('data', (piece) => {
            shown += piece;
            if (shown === 'USER:PASSWORD: ')
                child.stdin.write('\x03');
        });
        await once(child, 'close');
        assert.match(shown, /^USER:PASSWORD: \r\nstatus 130\r\n echo /);
    });
});
