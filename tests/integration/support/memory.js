// SPDX-License-Identifier: MIT
// The bound of the server's memory as SECURITY.md states it, and bodies that use much more memory than their size.
import fs from 'node:fs';

export const KIB = 1024, MIB = 1024 * KIB;

/** The formula of SECURITY.md, with all sizes in bytes. */
export const FORMULA = '64 MiB + max-connections x (2 x max-body + 128 KiB) + 1.25 x work-memory + capture-memory';
export const bound = ({connections, body, work, captures}) => 64 * MIB + connections * (2 * body + 128 * KIB) + 1.25 * work + captures;

/** The most memory that a server has had resident, in bytes. */
export const mostResident = (server) => Number(/^VmHWM:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))[1]) * KIB;

/** `begin`, as many units as fit into `size` bytes, and `end`. */
const filled = (begin, unit, end, size) => begin + unit.repeat(Math.floor((size - begin.length - end.length) / unit.length)) + end;
const html = (unit) => (size) => filled('{"graph_data":{"html":"', unit, '"}}', size);
const json = (unit) => (size) => filled('{"graph_data":{"nodes":[', unit, '{}]}}', size);

/** Names of one to four letters, all different. */
const nameOf = (i) => i.toString(36);

/** As many one-letter nodes as fit, or edges between a few of them. */
const nodes = (size) => `{"graph_data":{"nodes":[${Array.from({length: Math.floor(size / 14)}, (_, i) => `{"id":"${nameOf(i)}"}`)}]}}`.slice(0, size);
function edges(size) {
    const count = Math.floor((size - 1000) / 28);
    return `{"graph_data":{"nodes":[${Array.from({length: 36}, (_, i) => `{"id":"${nameOf(i)}"}`)}],"edges":[${
        Array.from({length: count}, (_, i) => `{"source":"${nameOf(i % 36)}","target":"${nameOf((i * 7 + 1) % 36)}"}`)}]}}`;
}
function names(size) {
    const tags = [];
    for (let i = 0, length = 40; (length += nameOf(i).length + 4) < size; i++)
        tags.push(`<x${nameOf(i)}>`);
    return `{"graph_data":{"html":"${tags.join('')}"}}`;
}

/** [source, transformation, engine, the body for a size], the most costly known of each kind. */
export const COSTLY = [
    ['html', 'condense', 'tree', html('<a>')],
    ['html', 'k-core', 'tree', html('<a>')],
    ['html', 'full_document', 'dot', html('<p a=b c=d e=f>')],
    ['html', 'default', 'd3', html('&lt;')],
    ['html', 'default', 'dot', html('<!---->')],
    ['html', 'default', 'mermaid', names],
    ['html', 'default', 'd3', (size) => filled('{"graph_data":{"html":"<p a=', 'x', '>"}}', size)],
    ['json', 'default', 'tree', nodes],
    ['json', 'condense', 'tree', edges],
    ['json', 'default', 'd3', json('[[],[]],')],
    ['json', 'default', 'd3', json('7,')],
    ['json', 'default', 'd3', json('99999999999999999999,')],
];
