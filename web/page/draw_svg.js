// SPDX-License-Identifier: MIT
// Drawings in SVG: Graphviz, Mermaid and a force layout by D3. No text of an answer is interpreted as markup.
/* global d3, mermaid */

const SVG = 'http://www.w3.org/2000/svg';
const SLICE_MS = 12; // maximum layout work between two frames
const TICKS_MAX = 300; // limit for a simulation whose settings keep it from ever settling
const READABLE = 0.7;
const OVERVIEW = 0.2; // below this scale, a readable size would need too much scrolling
const LABELLED_MAX = 200;
const LABEL_LENGTH = 32;
// The elements that the libraries produce for labels, shapes and lines. Mermaid's labels are HTML inside SVG.
const ALLOWED = new Set(('svg g defs style title desc marker symbol path rect circle ellipse polygon polyline line text tspan ' +
    'clipPath mask filter feDropShadow feGaussianBlur linearGradient radialGradient stop foreignObject div span p br b i strong em').split(' '));

/**
 * Parses an SVG text and removes everything that runs code or loads resources. The libraries already escape labels;
 * this is a second safeguard.
 */
function harmless(text) {
    const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
    const root = parsed.documentElement;
    if (root.localName !== 'svg')
        throw new Error('the library returned no SVG');
    for (const element of [root, ...root.querySelectorAll('*')]) {
        if (!ALLOWED.has(element.localName)) {
            element.remove();
            continue;
        }
        for (const {name, value} of [...element.attributes]) {
            if (name.startsWith('on') || (/(^|:)href$/.test(name) && !value.startsWith('#')))
                element.removeAttribute(name);
        }
    }
    return document.importNode(root, true);
}

/** The view of an SVG, scaled inside its scrolling stage. `width` and `height` are those of the SVG. */
function viewOf(stage, svg, width, height, drawn) {
    let scale = 1;
    const apply = () => {
        svg.setAttribute('width', String(Math.ceil(width * scale)));
        svg.setAttribute('height', String(Math.ceil(height * scale)));
    };
    // The stage grows with its content, up to the height that its style sets.
    const fitting = () => Math.min(1.6, (stage.clientWidth - 2) / width, (parseFloat(getComputedStyle(stage).maxHeight) - 4) / height);
    const view = {
        drawn,
        zoom(factor) {
            const [x, y] = [stage.scrollLeft + stage.clientWidth / 2, stage.scrollTop + stage.clientHeight / 2];
            const before = scale;
            scale = Math.min(8, Math.max(0.02, scale * factor));
            apply();
            stage.scrollTo(x * scale / before - stage.clientWidth / 2, y * scale / before - stage.clientHeight / 2);
        },
        fit() {
            scale = fitting();
            apply();
        },
        pan: (x, y) => stage.scrollBy(x, y),
        destroy() {},
    };
    svg.removeAttribute('style');
    // Initially shows the whole drawing, or a readable size if that needs only a little scrolling.
    scale = fitting();
    if (scale > OVERVIEW && scale < READABLE)
        scale = READABLE;
    apply();
    const first = svg.querySelector('.node')?.getBoundingClientRect();
    if (first)
        stage.scrollLeft += first.left + first.width / 2 - stage.getBoundingClientRect().left - stage.clientWidth / 2;
    return view;
}

function sizeOf(svg) {
    const [, , width, height] = svg.getAttribute('viewBox').split(/[\s,]+/).map(Number);
    return [Math.max(width, 1), Math.max(height, 1)];
}

/** Runs Graphviz in its own worker, which ends with the layout or when the request is aborted. */
function layOut(dot, signal) {
    return new Promise((resolve, reject) => {
        const worker = new Worker(new URL('graphviz.worker.js', import.meta.url));
        const end = (settle, value) => {
            worker.terminate();
            settle(value);
        };
        worker.addEventListener('message', ({data}) => (data.error ? end(reject, new Error(data.error)) : end(resolve, data.svg)));
        worker.addEventListener('error', (event) => end(reject, new Error(event.message || 'viz.js could not be loaded')));
        signal.addEventListener('abort', () => end(reject, signal.reason));
        worker.postMessage(dot);
    });
}

export async function drawDot(stage, {dot}, {signal}) {
    const svg = harmless(await layOut(dot, signal));
    svg.classList.add('graphviz');
    stage.append(svg);
    return viewOf(stage, svg, ...sizeOf(svg), svg.querySelectorAll('g.node').length);
}

let mermaidCount = 0;

export async function drawMermaid(stage, {mermaid: text}, {dark, signal}) {
    mermaid.initialize({
        startOnLoad: false, securityLevel: 'strict', theme: dark ? 'dark' : 'neutral', flowchart: {useMaxWidth: false}, maxTextSize: 1 << 28, maxEdges: 1 << 24, fontFamily: 'Arial, sans-serif',
    });
    // Mermaid measures text, so it needs an element that is laid out.
    const {svg: drawnText} = await mermaid.render(`mermaid-${++mermaidCount}`, text, stage);
    signal.throwIfAborted();
    const svg = harmless(drawnText);
    stage.replaceChildren(svg);
    return viewOf(stage, svg, ...sizeOf(svg), svg.querySelectorAll('g.node').length);
}

function element(parent, name, attributes = {}, text = null) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes))
        made.setAttribute(key, value);
    if (text !== null)
        made.textContent = text;
    parent.append(made);
    return made;
}

const shortened = (text) => (text.length > LABEL_LENGTH ? text.slice(0, LABEL_LENGTH - 1) + '…' : text);

/** Assigns a colour to each kind of node, in the order in which the kinds first appear. */
function colourer() {
    const seen = new Map();
    return (node) => {
        const kind = String(node.group ?? node.kind ?? node.type ?? '');
        if (!seen.has(kind))
            seen.set(kind, seen.size % 6);
        return seen.get(kind);
    };
}

/** Runs a simulation until it settles, in slices between frames, so that the tab stays responsive. */
async function settle(simulation, signal) {
    for (let ticks = 0; simulation.alpha() >= simulation.alphaMin() && ticks < TICKS_MAX;) {
        const end = performance.now() + SLICE_MS;
        for (; ticks < TICKS_MAX && performance.now() < end; ticks++)
            simulation.tick();
        await new Promise((next) => requestAnimationFrame(next));
        signal.throwIfAborted();
    }
}

/** Applies the settings of a group of the answer's config to a force. Their names are those of D3's methods. */
function set(force, settings = {}) {
    for (const [name, value] of Object.entries(settings)) {
        if (typeof force[name] === 'function' && typeof value === 'number')
            force[name](value);
    }
    return force;
}

/** Creates the simulation that the answer's config describes. */
function simulate(nodes, links, config = {}) {
    const {link, charge, collide, x, y, width, height, center, ...own} = config;
    const simulation = d3.forceSimulation(nodes)
        .force('link', set(d3.forceLink(links).id(({id}) => id), link))
        .force('charge', set(d3.forceManyBody().strength(-180).distanceMax(600), charge))
        .force('collide', set(d3.forceCollide(14), collide))
        .force('x', set(d3.forceX(), x))
        .force('y', set(d3.forceY(), y))
        .stop();
    // The view is fitted to the nodes, so the centre does not matter.
    return set(simulation, own);
}

/** Moves every line, circle and label to its node. Returns the view box of all of them: [x, y, width, height]. */
function place(nodes, circles, labels, lines) {
    for (const [{source, target}, line] of lines) {
        const length = Math.hypot(target.x - source.x, target.y - source.y) || 1;
        const short = (target.radius + 2) / length;
        line.setAttribute('d', `M${source.x},${source.y}L${target.x - (target.x - source.x) * short},${target.y - (target.y - source.y) * short}`);
    }
    nodes.forEach((node, index) => {
        circles[index].setAttribute('transform', `translate(${node.x},${node.y})`);
        labels[index]?.setAttribute('transform', `translate(${node.x + node.radius + 3},${node.y + 4})`);
    });
    const [left, right] = d3.extent(nodes, ({x}) => x);
    const [top, bottom] = d3.extent(nodes, ({y}) => y);
    const room = labels.reduce((widest, label) => Math.max(widest, label.getComputedTextLength()), 0);
    return nodes.length === 0 ? [0, 0, 1, 1] : [left - 24, top - 24, right - left + 48 + room, bottom - top + 48];
}

export async function drawD3(stage, output, {signal}) {
    const nodes = output.nodes.map((node) => ({...node}));
    const links = output.links.map((link) => ({...link}));
    await settle(simulate(nodes, links, output.config), signal);
    const colourOf = colourer();
    const degrees = new Map();
    for (const {source, target} of links)
        [source, target].forEach((node) => degrees.set(node, (degrees.get(node) ?? 0) + 1));
    const svg = element(stage, 'svg', {class: 'force'});
    const arrow = element(element(svg, 'defs'), 'marker', {id: 'arrow', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto'});
    element(arrow, 'path', {d: 'M0,1 8,4 0,7z'});
    const lines = links.map((link) => [link, element(svg, 'path', output.directed === false ? {class: 'link'} : {class: 'link', 'marker-end': 'url(#arrow)'})]);
    const circles = nodes.map((node) => {
        node.radius = 5 + Math.min(9, Math.sqrt(degrees.get(node) ?? 0) * 1.8);
        const circle = element(svg, 'circle', {class: `node kind-${colourOf(node)}`, r: node.radius});
        element(circle, 'title', {}, String(node.label ?? node.id));
        return circle;
    });
    const labels = nodes.length > LABELLED_MAX ? [] : nodes.map((node) => element(svg, 'text', {}, shortened(String(node.label ?? node.id))));
    const box = place(nodes, circles, labels, lines);
    svg.setAttribute('viewBox', box.join(' '));
    return viewOf(stage, svg, box[2], box[3], circles.length);
}
