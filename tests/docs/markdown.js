// SPDX-License-Identifier: MIT
// Parses the documentation for the tests: files, code blocks, tables, headings and links.
import fs from 'node:fs';
import path from 'node:path';

import {readText, root} from '../house/tree.js';

/** Every page of the documentation, relative to the root. */
export const pages = () => ['README.md', 'SECURITY.md', 'CHANGELOG.md', 'fixtures/README.md',
    ...fs.readdirSync(path.join(root, 'docs')).filter((name) => name.endsWith('.md')).sort().map((name) => `docs/${name}`)];

export const pageText = (page) => readText(root, page);

/**
 * The fenced code blocks of a text: {language, code, line, run, notRun}. A comment in the line before a block changes
 * what is done with it: `<!-- run: COMMAND -->` runs that in its place, `<!-- not run: REASON -->` leaves it out.
 */
export function blocksOf(text) {
    const pattern = /(?:^ *<!-- (run|not run): (.*) -->\n)?^( *)```(\w*)\n([\s\S]*?)^\3```$/gm;
    return [...text.matchAll(pattern)].map(({1: kind, 2: said, 3: indent, 4: language, 5: code, index}) => ({
        language,
        code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
        line: text.slice(0, index).split('\n').length,
        run: kind === 'run' ? said : null,
        notRun: kind === 'not run' ? said : null,
    }));
}

/** A text without its code blocks. */
export const proseOf = (text) => text.replace(/^( *)```[\s\S]*?^\1```$/gm, '');

/** The rows of the first table whose first column is headed `heading`: arrays of cells. */
export function tableOf(text, heading) {
    const lines = text.split('\n');
    const start = lines.findIndex((line, i) => line.startsWith(`| ${heading} |`) && lines[i + 1]?.startsWith('|---'));
    const rows = [];
    for (let i = start + 2; start !== -1 && lines[i]?.startsWith('|'); i++)
        rows.push(lines[i].split('|').slice(1, -1).map((cell) => cell.trim()));
    return rows;
}

/** The anchors that a page's headings make. */
export const anchorsOf = (text) => [...proseOf(text).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading.toLowerCase().replace(/[^\w\- ]/g, '').replaceAll(' ', '-'));

/** The targets of a page's links and pictures that are in this tree. */
export const linksOf = (text) => [...proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target).filter((target) => !/^\w+:/.test(target));
