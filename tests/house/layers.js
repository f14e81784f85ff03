// SPDX-License-Identifier: MIT
// The rooms, who may use whom, and the check that includes and link lines keep to it.
import path from 'node:path';

import {filesUnder, isC, readText} from './tree.js';

/** From the ground up; `uses` are the rooms a room's files may include, `links` the libraries its target may link. */
export const rooms = {
    base: {folder: 'src/base', uses: [], links: []},
    capture: {folder: 'src/capture', uses: ['base'], links: ['Threads::Threads', 'uuid']},
    trace: {folder: 'src/trace', uses: ['base', 'capture'], links: []},
    // It links the capture room for what <glassbox/error.h> declares.
    json: {folder: 'src/json', uses: [], links: ['glassbox::capture', 'simdjson::simdjson']},
    schemas: {folder: 'schemas', uses: ['json'], links: []},
    export: {folder: 'src/export', uses: ['base', 'capture', 'trace', 'json', 'schemas'], links: []},
    http: {folder: 'src/http', uses: ['json', 'schemas'], links: ['h2o-evloop', 'ZLIB::ZLIB']},
    h2o: {folder: 'middleware', uses: ['base', 'capture', 'trace', 'json', 'schemas', 'export', 'http'], links: ['h2o-evloop']},
    permission: {folder: 'src/permission', uses: ['json', 'capture', 'h2o'], links: ['OpenSSL::Crypto']},
    runtime: {
        folder: 'src/runtime',
        uses: ['base', 'capture', 'json', 'http'],
        links: ['h2o-evloop', 'OpenSSL::SSL', 'OpenSSL::Crypto', 'Threads::Threads'],
    },
    graph: {folder: 'src/graph', uses: ['base', 'capture', 'json'], links: ['LibXml2::LibXml2']},
    service: {
        folder: 'src/service',
        uses: ['base', 'capture', 'trace', 'json', 'schemas', 'export', 'http', 'h2o', 'runtime', 'graph'],
        links: ['h2o-evloop'],
    },
    server: {
        folder: 'src/server',
        uses: ['base', 'capture', 'trace', 'json', 'schemas', 'export', 'http', 'h2o', 'permission', 'runtime', 'graph', 'service'],
        links: ['h2o-evloop', 'OpenSSL::SSL', 'OpenSSL::Crypto', 'Threads::Threads'],
    },
    cli: {
        folder: 'src/cli',
        uses: ['base', 'capture', 'trace', 'json', 'schemas', 'export', 'http', 'h2o', 'permission', 'graph', 'server'],
        links: ['Threads::Threads', 'jemalloc'],
    },
};

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
    'h2o.h': 'h2o',
    'limits.h': 'h2o',
};

// System headers that only some places may include.
const guarded = [
    {header: /^h2o(\.h$|\/)/, places: ['middleware/', 'src/http/', 'src/permission/', 'src/runtime/', 'src/service/', 'src/server/', 'include/glassbox/h2o.h', 'examples/', 'tests/']},
    {header: /^libxml\//, places: ['src/graph/', 'tests/']},
    {header: /^simdjson/, places: ['src/json/']},
    {header: /^openssl\//, places: ['src/permission/', 'src/runtime/', 'src/server/', 'tests/support/']},
    {header: /^jemalloc\//, places: ['src/cli/']},
    {header: /^zlib\.h$/, places: ['src/http/', 'tests/unit/http/']},
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

/** What is wrong with one include, or null. */
function includeFault(file, room, quote, header) {
    const allowed = (target) => room === null || target === null || target === room || rooms[room].uses.includes(target);
    if (quote === '<') {
        const rule = guarded.find(({header: pattern}) => pattern.test(header));
        if (rule && !rule.places.some((place) => file.startsWith(place)))
            return 'only ' + rule.places.join(', ') + ' may include it';
        if (!header.startsWith('glassbox/'))
            return null;
        const target = publicHeaders[header.slice('glassbox/'.length)];
        if (target === undefined)
            return 'no such public header';
        // The graph room's tie to capturing is the span macros alone.
        if (room === 'graph' && target === 'capture' && header !== 'glassbox/span.h')
            return 'the graph room may include <glassbox/span.h> only';
        return allowed(target) ? null : `${room} may not use ${target}`;
    }
    if (room === null)
        return null;
    const target = roomOfFolder(path.dirname(header)) ?? roomOfFolder('src/' + header.split('/')[0]);
    if (header.includes('..') || target === undefined)
        return 'a quoted include starts with its room';
    if (room === 'graph' && target === 'capture')
        return 'the graph room may include <glassbox/span.h> only';
    return allowed(target) ? null : `${room} may not use ${target}`;
}

function includeFaults(top, file) {
    const room = roomOfFile(file);
    if (room === undefined)
        return [`${file}: belongs to no room`];
    const faults = [];
    // A public header of the ground may use nothing of ours but the ground.
    const strict = room === null && file.startsWith('include/') ? 'capture' : room;
    for (const [, quote, header] of readText(top, file).matchAll(/^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]/gm)) {
        const fault = includeFault(file, strict, quote, header);
        if (fault)
            faults.push(`${file}: ${header}: ${fault}`);
    }
    return faults;
}

const roomOfTarget = (target) => target.replace(/^glassbox(::|-)/, '').replace(/^glassbox$/, 'cli');

function linkFaults(top, file) {
    const faults = [];
    for (const [, target, list] of readText(top, file).matchAll(/target_link_libraries\(\s*(\S+)([^)]*)\)/g)) {
        const room = rooms[roomOfTarget(target)];
        if (!room) {
            faults.push(`${file}: ${target}: belongs to no room`);
            continue;
        }
        for (const library of list.split(/\s+/).filter((word) => word && !/^(PUBLIC|PRIVATE|INTERFACE)$/.test(word))) {
            // The program links the library of its own room.
            const known = library.startsWith('glassbox') && !room.links.includes(library)
                ? rooms[roomOfTarget(library)] === room || room.uses.includes(roomOfTarget(library))
                : room.links.includes(library);
            if (!known)
                faults.push(`${file}: ${target} may not link ${library}`);
        }
    }
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
