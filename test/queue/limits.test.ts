import { createMemoryLimits } from '../../src/queue/limits.ts';
import { limitsContract } from '../contract/limits.ts';

limitsContract('in the process', () => {
  const limits = createMemoryLimits();
  return [limits, limits];
});
