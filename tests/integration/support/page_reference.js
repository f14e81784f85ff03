// SPDX-License-Identifier: MIT
// The transformations for pages once more, from a plain model of the page: what each must leave, node by node.
import {parseDot} from './dot.js';

const KINDS = {box: 'element', note: 'attribute', plaintext: 'text'};

/** The page as the `default` answer in DOT has it: a map from id to {id, kind, name, value, parent}. */
export function pageModel(dot) {
    const {nodes, edges} = parseDot(dot);
    const parents = new Map(edges.map(({source, target}) => [target, source]));
    return new Map(nodes.map(({id, attributes: {label, shape}}) => {
        const kind = KINDS[shape];
        const [name, ...value] = kind === 'attribute' ? label.split('=') : [kind === 'element' ? label : '', label];
        return [id, {id, kind, name, value: value.join('='), parent: parents.get(id)}];
    }));
}

const ancestors = (page, node) => (node.parent === undefined ? [] : [page.get(node.parent), ...ancestors(page, page.get(node.parent))]);
const isElement = (...names) => (node) => node.kind === 'element' && names.includes(node.name);
const isAttribute = (test) => (node) => node.kind === 'attribute' && test(node);
const partOf = (name) => (node, above) => [node, ...above].some((one, i, all) => isElement(name)(one) && i === all.length - 2);

/** The nodes that a test picks, and with `down` all below them, with `up` all elements above them. */
function picked(page, test, {down = false, up = false} = {}) {
    const kept = new Set();
    for (const node of page.values()) {
        const above = ancestors(page, node);
        if (!test(node, above) && !(down && above.some((one) => test(one))))
            continue;
        kept.add(node.id);
        if (up)
            above.forEach(({id}) => kept.add(id));
    }
    return kept;
}

const union = (...sets) => new Set(sets.flatMap((set) => [...set]));

function isSheet(page) {
    const links = new Set([...page.values()].filter(isAttribute(({name, value}) => name === 'rel' && value.toLowerCase().split(/\s+/).includes('stylesheet'))).map(({parent}) => parent));
    return (node) => isElement('style')(node) || (isElement('link')(node) && links.has(node.id));
}

const isHandler = isAttribute(({name, value}) => /^on./.test(name) || (/^(href|src|action|formaction|xlink:href|data)$/.test(name) && /^\s*javascript:/i.test(value)));

function attributes(page, names) {
    const kept = picked(page, isAttribute(({name}) => !names || names.includes(name)));
    return union(kept, [...kept].map((id) => page.get(id).parent));
}

/** Of each transformation, under its name and a config, the ids that it must leave. */
export const pageReference = [
    ['default', {}, (page) => new Set(page.keys())],
    ['full-document', {}, (page) => new Set(page.keys())],
    ['body_only', {}, (page) => picked(page, partOf('body'))],
    ['head_only', {}, (page) => picked(page, partOf('head'))],
    ['attributes', {}, (page) => attributes(page)],
    ['attributes', {names: ['HREF', 'id']}, (page) => attributes(page, ['href', 'id'])],
    ['scripts', {}, (page) => picked(page, isElement('script'), {down: true, up: true})],
    ['scripts', {handlers: true}, (page) => union(picked(page, isElement('script'), {down: true, up: true}), picked(page, isHandler, {up: true}))],
    ['styles', {}, (page) => union(picked(page, isSheet(page), {down: true, up: true}), picked(page, isAttribute(({name}) => name === 'style'), {up: true}))],
    ['elements_only', {}, (page) => picked(page, ({kind}) => kind === 'element')],
    ['text_only', {}, (page) => picked(page, (node, above) => node.kind === 'text' && !above.some(isElement('script', 'style')), {up: true})],
];

/** The edges among the kept: each hangs from the nearest kept element above it. */
export function keptEdges(page, kept) {
    return [...kept].flatMap((id) => {
        const above = ancestors(page, page.get(id)).find((one) => kept.has(one.id));
        return above ? [`${above.id}>${id}`] : [];
    });
}
