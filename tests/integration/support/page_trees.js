// SPDX-License-Identifier: MIT
// The trees of HTML pages, as parse5 builds them and as ours are printed: a line for each element, attribute and text.
import {spawnSync} from 'node:child_process';

import {parse} from 'parse5';

import {program} from './process.js';

const escaped = (text) => text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n');
const isBlank = (text) => /^[ \t\n\f\r]*$/.test(text);
const nameOf = ({prefix, name}) => (prefix ? `${prefix}:${name}` : name);

/** The lines of parse5's tree. Without recursion, as pages are deep. */
export function referenceTree(html) {
    const lines = [];
    const rest = [{node: parse(html, {scriptingEnabled: false}), depth: -1}];
    while (rest.length > 0) {
        const {node, depth} = rest.pop();
        if (node.nodeName === '#text' && !isBlank(node.value))
            lines.push(`${depth} t ${escaped(node.value)}`);
        if (node.tagName)
            lines.push(`${depth} e ${escaped(node.tagName)}`, ...node.attrs.map((one) => `${depth + 1} a ${escaped(nameOf(one))}=${escaped(one.value)}`));
        const inside = node.content?.childNodes ?? node.childNodes ?? [];
        for (let i = inside.length - 1; i >= 0; i--)
            rest.push({node: inside[i], depth: depth + 1});
    }
    return lines.join('\n');
}

/** The same of our parser, for many pages at once; "! REASON" for a page that is refused. */
export function ourTrees(pages) {
    const bytes = pages.map((page) => Buffer.from(page));
    const input = Buffer.concat(bytes.flatMap((page) => [Buffer.from(`${page.length}\n`), page]));
    const run = spawnSync(program('gbx-page-tree'), {input, maxBuffer: 2 ** 30});
    if (run.status !== 0)
        throw new Error(`gbx-page-tree: ${run.status ?? run.signal} ${run.stderr}`);
    return run.stdout.toString().split('\n\n').slice(0, -1);
}
