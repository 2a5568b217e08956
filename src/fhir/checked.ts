/**
 * Says of a write that its resources are of a form that was checked. The embedded server heeds it inside of its own process
 * alone; any other server passes it over.
 */
export const CHECKED_HEADER = 'x-interval-checked';
