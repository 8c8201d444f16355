// Opens what both forms of the demo play in: the world, and Suture as a real process in it.

import type { RunningSuture } from '../test/world/suture.ts';
import { startWorld, type World, type WorldOptions } from '../test/world/world.ts';

export type Scene = { world: World; suture: RunningSuture; close(): Promise<void> };

/** Nothing is left behind when this throws. */
export async function openScene(options: WorldOptions = {}): Promise<Scene> {
  const world = await startWorld(options);
  try {
    const suture = await world.start();
    return { world, suture, close: () => world.close() };
  } catch (error) {
    await world.close();
    throw error;
  }
}

/** The last lines of Suture's log, for people who have to find out what went wrong. */
export function lastLines(suture: RunningSuture, count: number): string {
  const lines = suture.output().split('\n').slice(-count);
  return lines.map((line) => (line.length > 2_000 ? `${line.slice(0, 2_000)}…` : line)).join('\n');
}
