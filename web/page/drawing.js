// SPDX-License-Identifier: MIT
// Draws the answer of an engine: knows which library each engine needs, loads it on demand, and asks before drawing
// more than a tab can handle.
import {built} from './built.js';
import {drawCytoscape, drawVisjs} from './draw_canvas.js';
import {drawD3, drawDot, drawMermaid} from './draw_svg.js';

/** The tree is plain text. */
async function drawTree(stage, {tree}) {
    const text = document.createElement('pre');
    text.textContent = tree;
    stage.append(text);
    return {drawn: tree.split('\n').filter((line) => line !== '').length, zoom: null, destroy() {}};
}

/**
 * How the answers of each engine are drawn. `library` is the npm package. It is loaded before `draw`, unless a worker loads
 * it. Above `limit` nodes the user is asked first. draw(stage, output, {dark, signal}) resolves to {drawn, zoom(factor),
 * fit(), pan(x, y), destroy()}: the number of nodes drawn, and functions that control the view. `zoom` is null for text.
 */
const drawers = {
    dot: {library: 'viz', limit: 2000, draw: drawDot},
    d3: {library: 'd3', script: 'd3.js', limit: 2000, draw: drawD3},
    cytoscape: {library: 'cytoscape', script: 'cytoscape.js', limit: 1000, draw: drawCytoscape},
    visjs: {library: 'vis-network', script: 'vis-network.js', limit: 1000, draw: drawVisjs},
    mermaid: {library: 'mermaid', script: 'mermaid.js', limit: 300, draw: drawMermaid},
    tree: {limit: 20_000, draw: drawTree},
};

const scripts = new Map();

function load(name) {
    if (!scripts.has(name)) {
        scripts.set(name, new Promise((resolve, reject) => {
            const element = document.createElement('script');
            element.src = new URL(name, import.meta.url).href;
            element.addEventListener('load', resolve);
            element.addEventListener('error', () => {
                scripts.delete(name);
                reject(new Error(`${name} could not be loaded`));
            });
            document.head.append(element);
        }));
    }
    return scripts.get(name);
}

/** The reason why this page cannot draw answers of that engine, or null if it can. */
export function whyNotDrawn(engine) {
    const drawer = drawers[engine];
    if (!drawer)
        return `This page has no drawing for the engine ${engine}; the answer is below.`;
    if (drawer.library && !built.has(drawer.library))
        return `This program was built without ${drawer.library}, which draws ${engine} (npm ci in web/, then configure and build again). The answer is below.`;
    return null;
}

/** The number of nodes above which the user should be asked before drawing. */
export const limitOf = (engine) => drawers[engine].limit;

/** Draws an answer on the empty `stage`. Rejects if the library refuses it or `signal` is aborted. */
export async function draw(stage, output, {dark, signal}) {
    const {script, draw: drawOutput} = drawers[output.engine];
    if (script)
        await load(script);
    signal.throwIfAborted();
    return drawOutput(stage, output, {dark, signal});
}
