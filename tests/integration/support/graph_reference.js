// SPDX-License-Identifier: MIT
// The transformations for graphs once more, in the plainest way that is right, for comparison: {nodes, edges} in and out,
// nodes as ids, edges as {source, target, label, w}. None shares a method with the service's own.

const neighbours = ({nodes, edges}, {out = true, back = false}) => {
    const lists = new Map(nodes.map((id) => [id, []]));
    for (const {source, target} of edges) {
        if (out)
            lists.get(source).push(target);
        if (back)
            lists.get(target).push(source);
    }
    return lists;
};

/** Everything that is led to from `roots`, in `depth` steps at most. */
function reach(lists, roots, depth = Infinity) {
    const found = new Set(roots);
    let front = [...found];
    for (let step = 0; step < depth && front.length > 0; step++) {
        front = [...new Set(front.flatMap((id) => lists.get(id)))].filter((id) => !found.has(id));
        front.forEach((id) => found.add(id));
    }
    return found;
}

/** The subgraph of some of the nodes. */
const induced = ({nodes, edges}, kept) => ({
    nodes: nodes.filter((id) => kept.has(id)),
    edges: edges.filter(({source, target}) => kept.has(source) && kept.has(target)),
});

/** Sets of nodes, in the order of their first: strongly connected is who reaches each other. */
function components(graph, strong) {
    const out = neighbours(graph, {out: true, back: !strong});
    const back = neighbours(graph, {out: !strong, back: true});
    const left = new Set(graph.nodes);
    const found = [];
    for (const id of graph.nodes) {
        if (!left.has(id))
            continue;
        const there = reach(out, [id]);
        const both = new Set([...reach(back, [id])].filter((other) => there.has(other)));
        both.forEach((other) => left.delete(other));
        found.push(both);
    }
    return found;
}

function largestComponent(graph, {strong = false}) {
    const all = components(graph, strong);
    const size = Math.max(0, ...all.map((one) => one.size));
    return induced(graph, all.find((one) => one.size === size) ?? new Set());
}

/** Kruskal with names painted over: joining two trees renames all of one. */
function spanningTree({nodes, edges}, {weight}) {
    const tree = new Map(nodes.map((id, i) => [id, i]));
    const order = edges.map((_, i) => i).sort((a, b) => (weight ? edges[a][weight] - edges[b][weight] : 0) || a - b);
    const kept = new Set();
    for (const i of order) {
        const [from, to] = [tree.get(edges[i].source), tree.get(edges[i].target)];
        if (from === to)
            continue;
        kept.add(i);
        nodes.forEach((id) => tree.get(id) === to && tree.set(id, from));
    }
    return {nodes, edges: edges.filter((_, i) => kept.has(i))};
}

/** Takes away who has too few, until nobody has. */
function coreOf(graph, k) {
    for (let now = graph; ;) {
        const degrees = new Map(now.nodes.map((id) => [id, 0]));
        for (const {source, target} of now.edges.filter((edge) => edge.source !== edge.target))
            [source, target].forEach((id) => degrees.set(id, degrees.get(id) + 1));
        const left = induced(now, new Set(now.nodes.filter((id) => degrees.get(id) >= k)));
        if (left.nodes.length === now.nodes.length)
            return left;
        now = left;
    }
}

function kCore(graph, {k}) {
    if (k !== undefined)
        return coreOf(graph, k);
    let core = graph;
    for (let next = 1; ; next++) {
        const inner = coreOf(core, next);
        if (inner.nodes.length === 0)
            return core;
        core = inner;
    }
}

function mergeEdges(edges, keyOf) {
    const first = new Map();
    for (const edge of edges)
        if (!first.has(keyOf(edge)))
            first.set(keyOf(edge), edge);
    return [...first.values()];
}

const directedKey = ({source, target}) => JSON.stringify([source, target]);

function condense(graph) {
    const first = new Map();
    const merged = {};
    for (const one of components(graph, true)) {
        const [head] = graph.nodes.filter((id) => one.has(id));
        one.forEach((id) => first.set(id, head));
        merged[head] = one.size - 1;
    }
    const across = graph.edges.map((edge) => ({...edge, source: first.get(edge.source), target: first.get(edge.target)}));
    return {
        nodes: graph.nodes.filter((id) => first.get(id) === id),
        edges: mergeEdges(across.filter(({source, target}) => source !== target), directedKey),
        merged,
    };
}

function reachable(graph, {roots, depth, direction = 'out'}) {
    const lists = neighbours(graph, {out: direction !== 'in', back: direction !== 'out'});
    return induced(graph, reach(lists, roots, depth));
}

function topDegree(graph, {n = 10, direction = 'both'}) {
    const degrees = new Map(graph.nodes.map((id) => [id, 0]));
    for (const {source, target} of graph.edges) {
        if (direction !== 'in')
            degrees.set(source, degrees.get(source) + 1);
        if (direction !== 'out')
            degrees.set(target, degrees.get(target) + 1);
    }
    const order = graph.nodes.map((id, i) => ({id, i})).sort((a, b) => degrees.get(b.id) - degrees.get(a.id) || a.i - b.i);
    return induced(graph, new Set(order.slice(0, n).map(({id}) => id)));
}

function dedupe({nodes, edges}, {directed = true, drop_loops: dropLoops = false, by_label: byLabel = false}) {
    const keyOf = ({source, target, label}) =>
        JSON.stringify([directed ? [source, target] : [source, target].sort(), byLabel ? label : '']);
    return {nodes, edges: mergeEdges(edges.filter(({source, target}) => !dropLoops || source !== target), keyOf)};
}

export const reference = {
    'default': (graph) => graph,
    'largest-component': largestComponent,
    'spanning-tree': spanningTree,
    'k-core': kCore,
    condense,
    reachable,
    'top-degree': topDegree,
    dedupe,
};

/** What stays of a list of transformations when those for pages are left out. */
export const forGraphs = Object.keys(reference);
