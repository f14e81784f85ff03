// SPDX-License-Identifier: MIT
// The rooms, their permitted dependencies, and the check that includes and link lines observe them.
import path from 'node:path';

import {filesUnder, isC, readText} from './tree.js';

/**
 * From the ground up. `uses` are the rooms that a room is made on: its files may include them and what those are made
 * on. `links` are the libraries that its target may link; `target` is its target where that is not glassbox::ROOM.
 */
export const rooms = {
    base: {folder: 'src/base', uses: [], links: [], target: '(in `glassbox::capture`)'},
    capture: {folder: 'src/capture', uses: ['base'], links: ['Threads::Threads', 'uuid']},
    trace: {folder: 'src/trace', uses: ['capture'], links: []},
    json: {folder: 'src/json', uses: ['base'], links: ['simdjson::simdjson']},
    schemas: {folder: 'schemas', uses: ['json'], links: []},
    export: {folder: 'src/export', uses: ['trace', 'json', 'schemas'], links: ['ZLIB::ZLIB']},
    recorder: {folder: 'src/recorder', uses: ['capture'], links: ['Threads::Threads']},
    http: {folder: 'src/http', uses: ['json', 'schemas'], links: ['h2o-evloop', 'ZLIB::ZLIB']},
    h2o: {folder: 'middleware', uses: ['export', 'recorder', 'http', 'capture'], links: ['h2o-evloop']},
    store: {folder: 'src/store', uses: ['recorder', 'trace', 'json'], links: ['sqlite3', 'zstd']},
    otlp: {folder: 'src/otlp', uses: ['export', 'store'], links: ['m']},
    sqlite: {folder: 'src/sqlite', uses: ['capture'], links: ['sqlite3']},
    text: {folder: 'src/text', uses: ['json'], links: []},
    findings: {folder: 'src/findings', uses: ['store', 'export', 'text'], links: ['OpenSSL::Crypto', 'm']},
    permission: {folder: 'src/permission', uses: ['json'], links: ['OpenSSL::Crypto']},
    runtime: {folder: 'src/runtime', uses: ['base', 'capture', 'http'], links: ['h2o-evloop', 'OpenSSL::SSL', 'OpenSSL::Crypto', 'Threads::Threads']},
    graph: {folder: 'src/graph', uses: ['capture', 'json'], links: []},
    service: {folder: 'src/service', uses: ['graph', 'http', 'runtime', 'h2o'], links: ['h2o-evloop']},
    server: {folder: 'src/server', uses: 'all above', links: ['h2o-evloop', 'OpenSSL::SSL', 'OpenSSL::Crypto', 'Threads::Threads'], target: '`glassbox-server`'},
    cli: {folder: 'src/cli', uses: 'all above', links: ['Threads::Threads', 'curl', 'jemalloc'], target: '`glassbox`'},
};

// Rooms that see of another no more than these headers: graph work takes spans and nothing else of capturing, the
// runtime watches and resets connections and answers nothing by itself, and the service tells on its health page what
// the limits are.
const narrow = {
    graph: {capture: ['glassbox/span.h']},
    runtime: {http: ['http/early_error.h', 'http/head_refusal.h', 'http/break_off.h', 'http/hangup.h'], json: [], schemas: []},
    service: {h2o: ['glassbox/limits.h'], export: [], trace: []},
};

/** The rooms that `room` may use: those it is made on, and theirs. */
export function usable(room) {
    const {uses} = rooms[room];
    const direct = uses === 'all above' ? Object.keys(rooms).slice(0, Object.keys(rooms).indexOf(room)) : uses;
    return new Set(direct.flatMap((name) => [name, ...usable(name)]));
}

// The public headers belong to rooms as well; null is the ground that every room stands on.
const publicHeaders = {
    'api.h': null,
    'error.h': null,
    'format.h': null,
    'version.h': null,
    'span.h': 'capture',
    'read.h': 'capture',
    'capture.h': 'capture',
    'redaction.h': 'capture',
    'export.h': 'export',
    'recorder.h': 'recorder',
    'h2o.h': 'h2o',
    'limits.h': 'h2o',
    'store.h': 'store',
    'sqlite.h': 'sqlite',
};

// System headers that only some places may include.
const guarded = [
    {header: /^h2o(\.h$|\/)/, places: ['middleware/', 'src/http/', 'src/runtime/', 'src/service/', 'src/server/', 'include/glassbox/h2o.h', 'examples/', 'tests/']},
    {header: /^simdjson/, places: ['src/json/', 'tests/unit/json/']},
    {header: /^openssl\//, places: ['src/findings/', 'src/permission/', 'src/runtime/', 'tests/support/']},
    {header: /^curl\//, places: ['src/cli/']},
    {header: /^jemalloc\//, places: ['src/cli/']},
    {header: /^sqlite3\.h$/, places: ['src/store/', 'src/sqlite/', 'examples/', 'tests/unit/store/', 'tests/unit/sqlite/', 'tests/consumer/sqlite/']},
    {header: /^zstd\.h$/, places: ['src/store/', 'tests/unit/store/', 'tests/fuzz/']},
    {header: /^zlib\.h$/, places: ['src/http/', 'src/export/', 'tests/unit/http/', 'tests/unit/export/', 'tests/unit/middleware/']},
];

const roomOfFolder = (folder) => Object.keys(rooms).find((room) => rooms[room].folder === folder);

/** The room a source file belongs to; null for tests and examples, undefined where no room is. */
function roomOfFile(file) {
    if (/^(tests|examples)\//.test(file))
        return null;
    if (file.startsWith('include/glassbox/'))
        return publicHeaders[path.basename(file)];
    return roomOfFolder(path.dirname(file)) ?? roomOfFolder(file.split('/').slice(0, file.startsWith('src/') ? 2 : 1).join('/'));
}

/** Why `room` may not include `header` of the room `target`, or null. */
function roomFault(room, target, header) {
    if (room === null || target === null || target === room)
        return null;
    const headers = narrow[room]?.[target];
    if (headers && !headers.includes(header))
        return headers.length ? `${room} may use <${headers.join('>, <')}> only of ${target}` : `${room} may not use ${target}`;
    return usable(room).has(target) ? null : `${room} may not use ${target}`;
}

/** What is wrong with one include, or null. */
function includeFault(file, room, quote, header) {
    if (quote === '<') {
        const rule = guarded.find(({header: pattern}) => pattern.test(header));
        if (rule && !rule.places.some((place) => file.startsWith(place)))
            return 'only ' + rule.places.join(', ') + ' may include it';
        if (!header.startsWith('glassbox/'))
            return null;
        const target = publicHeaders[header.slice('glassbox/'.length)];
        return target === undefined ? 'no such public header' : roomFault(room, target, header);
    }
    if (room === null)
        return null;
    const target = roomOfFolder(path.dirname(header)) ?? roomOfFolder('src/' + header.split('/')[0]);
    if (header.includes('..') || target === undefined)
        return 'a quoted include starts with its room';
    return roomFault(room, target, header);
}

const includePattern = /^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]/gm;

function includeFaults(top, file) {
    const room = roomOfFile(file);
    if (room === undefined)
        return [`${file}: belongs to no room`];
    const faults = [];
    // A public header of the ground may use nothing of ours but the ground.
    const strict = room === null && file.startsWith('include/') ? 'capture' : room;
    for (const [, quote, header] of readText(top, file).matchAll(includePattern)) {
        const fault = includeFault(file, strict, quote, header);
        if (fault)
            faults.push(`${file}: ${header}: ${fault}`);
    }
    return faults;
}

// A room's C++ is a target of its own, and so is what only the program needs of src/http and src/store.
const roomOfTarget = (target) =>
    target.replace(/^glassbox(::|-)/, '').replace(/-cxx$/, '').replace(/^assets$/, 'http').replace(/^store-reader$/, 'store').replace(/^glassbox$/, 'cli');

function linkFaults(top, file) {
    const faults = [];
    for (const [, target, list] of readText(top, file).matchAll(/target_link_libraries\(\s*(\S+)([^)]*)\)/g)) {
        const name = roomOfTarget(target);
        const room = rooms[name];
        if (!room) {
            faults.push(`${file}: ${target}: belongs to no room`);
            continue;
        }
        for (const library of list.split(/\s+/).filter((word) => word && !/^(PUBLIC|PRIVATE|INTERFACE)$/.test(word))) {
            // The program links the library of its own room; the ground is part of capture's.
            const known = library.startsWith('glassbox')
                ? [name, ...usable(name)].includes(roomOfTarget(library)) || (roomOfTarget(library) === 'capture' && usable(name).has('base'))
                : room.links.includes(library);
            if (!known)
                faults.push(`${file}: ${target} may not link ${library}`);
        }
    }
    return faults;
}

const moduleOf = (file) => file.replace(/\.(c|cc|h)$/, '');

/** The modules (a .c file and the .h file of its name) of the tree, each with those that its includes lead to. */
function moduleGraph(top) {
    const files = filesUnder(top).filter((file) => isC(file) && /^(src|schemas|middleware|include)\//.test(file));
    const modules = new Map(files.map((file) => [moduleOf(file), new Set()]));
    for (const file of files) {
        for (const [, quote, header] of readText(top, file).matchAll(includePattern)) {
            const places = quote === '<' ? ['include/' + header] : ['src/' + header, header];
            const target = places.map(moduleOf).find((place) => modules.has(place));
            if (target && target !== moduleOf(file))
                modules.get(moduleOf(file)).add(target);
        }
    }
    return modules;
}

/** Every circle of includes in the tree at `top`, as "a -> b -> a". */
export function circleFaults(top) {
    const modules = moduleGraph(top);
    const done = new Set();
    const circles = [];
    const visit = (name, trail) => {
        const at = trail.indexOf(name);
        if (at !== -1)
            circles.push([...trail.slice(at), name].join(' -> '));
        if (at !== -1 || done.has(name))
            return;
        for (const target of modules.get(name))
            visit(target, [...trail, name]);
        done.add(name);
    };
    for (const name of modules.keys())
        visit(name, []);
    return circles;
}

// libh2o's own members begin with an underscore, and its own types with st_; where there is no other way, one function.
const insides = /(?:->|\.)_[a-z]\w*|\bst_h2o_\w+|\brefcnt\b/g;
const insidesAllowed = {
    'middleware/run.c': ['->_generator'],
    'src/runtime/loop.c': ['._graceful_shutdown_timeout'],
    'src/runtime/http2/guard.c': ['->_cb'],
    // Takes the place of two functions of libh2o.
    'src/runtime/libh2o/input.c': ['->_initial_buf', '._initial_buf', '->_prototype', '->_buf', '->_fd'],
};

/** Every use of what libh2o keeps to itself in the tree at `top`. */
export function insideFaults(top) {
    const faults = [];
    for (const file of filesUnder(top).filter((name) => isC(name) && /^(src|middleware|include)\//.test(name)))
        for (const [found] of readText(top, file).replace(/\/\*[\s\S]*?\*\/|"(\\.|[^"\\\n])*"/g, '').matchAll(insides))
            if (!insidesAllowed[file]?.includes(found))
                faults.push(`${file}: ${found}: libh2o's own`);
    return faults;
}

/** Every breach of the layering in the tree at `top`, one sentence each. */
export function layerFaults(top) {
    const faults = [];
    for (const file of filesUnder(top)) {
        if (isC(file))
            faults.push(...includeFaults(top, file));
        else if (path.basename(file) === 'CMakeLists.txt' && /^(src|schemas|middleware)\//.test(file))
            faults.push(...linkFaults(top, file));
    }
    return faults;
}
