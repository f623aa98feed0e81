// Whether the page is about to lock itself; apart from idle.js so that the banner costs nothing at start.
import { signal } from '../kernel/signal.js';

export const idleWarning = signal(false);
