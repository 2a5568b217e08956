import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { type Started, startService } from '../support/service.ts';

/**
 * The page as a person uses it, in Chromium, over the service as `npm start` runs it. Screenshots go to a temporary folder
 * that is named in the output, or to PAGE_SCREENSHOTS.
 */
const shots = process.env.PAGE_SCREENSHOTS ?? mkdtempSync(join(tmpdir(), 'interval-page-'));
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const READ_MS = 120_000;

let service: Started;
let address = '';
let browser: Browser;
let page: Page;
/** Everything that must not happen in the browser. */
let complaints: string[] = [];

beforeAll(async () => {
  if (!existsSync(executablePath)) {
    throw new Error(
      `Chromium is needed at ${executablePath} (Debian: apt-get install chromium), or name it in CHROMIUM.`,
    );
  }
  service = await startService('listening');
  address = service.base;
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await service?.stop();
  process.stderr.write(`Screenshots of the page: ${shots}\n`);
});

describe('the page', () => {
  beforeAll(async () => {
    page = await newPage('light');
  });

  test('says what it is and lists the sample patients', async () => {
    await page.goto(address);
    await page.getByRole('heading', { name: 'Three things happen here' }).waitFor();
    expect(await textOf(page.getByRole('note'))).toMatch(
      /without authentication\. Not for patient data\. Synthetic patients.*not for diagnosis/,
    );
    const patients = page.getByRole('navigation', { name: 'Patients' });
    await patients.getByRole('link', { name: /Critical potassium/ }).waitFor({ timeout: 60_000 });
    await until(async () => (await patients.getByRole('link').count()) >= 14, 60_000);
    await shot('1-welcome');
  });

  test('patient picked, hooks fired as an EHR fires them, card seen', async () => {
    await page
      .getByRole('link', { name: /Critical potassium/ })
      .first()
      .click();
    await page.getByRole('heading', { name: 'Mockford, Ottoline' }).waitFor();
    const card = page.locator('.card.critical');
    await card.waitFor({ timeout: READ_MS });
    expect(await textOf(card.getByRole('heading'))).toMatch(/potassium 6\.8/i);
    const after = page.getByRole('region', { name: /what Interval wrote/ });
    expect(await textOf(after.getByRole('row', { name: /^Potassium/ }))).toMatch(/6\.8\s*HH\s*mmol\/L.*2823-3/);
    // what is written in dark stands on a light ground
    expect(await after.evaluate((one) => getComputedStyle(one).backgroundColor)).not.toBe('rgb(0, 0, 0)');
    const wire = page.getByRole('region', { name: 'On the wire' });
    expect(await wire.locator('summary').allTextContents()).toEqual(
      expect.arrayContaining([expect.stringMatching(/POST \/cds-services\/lab-report-results\s+200, 1 card/)]),
    );
    await wire.locator('summary').first().click();
    expect(await textOf(wire.locator('pre').first())).toContain('"hook": "patient-view"');
    await shot('2-critical-potassium');
  });

  test('an order under way is advised on, and a suggestion taken', async () => {
    await page.goto(`${address}/#sample-duplicate`);
    await page.getByRole('heading', { name: 'Demonova, Philippa' }).waitFor();
    await page.getByText('5 values read').waitFor({ timeout: READ_MS });
    await page.getByRole('button', { name: 'Sign' }).click();
    const card = page.locator('.card', { hasText: /retest/i }).first();
    await card.waitFor();
    expect(await textOf(card)).toMatch(/A1c/);
    await shot('3-duplicate-order');
    await card.locator('.suggestions button').first().click();
    expect(await textOf(card.getByRole('status'))).toMatch(/^Accepted/);
    await page.getByText('removed from this draft').waitFor();
  });

  test('the evidence: value and place on the page light up together, by pointer and by keyboard', async () => {
    await page.goto(`${address}/#sample-potassium`);
    await page.getByRole('link', { name: 'Show the evidence' }).click();
    await page.getByRole('heading', { name: /Laboratory report|Outside/ }).waitFor();
    await page.getByAltText('Page 1 of the source document').waitFor();
    const row = page.locator('.findings > li', { hasText: 'Potassium' });
    await row.hover();
    const id = await row.getAttribute('data-row');
    const boxes = page.locator(`.mark[data-row="${id}"]`);
    expect(await boxes.count()).toBeGreaterThan(0);
    expect(await boxes.first().getAttribute('class')).toMatch(/critical.*pointed/);
    await until(async () => (await naturalWidth('.picture img')) > 300, 20_000);
    const [box, picture] = [await boxes.first().boundingBox(), await page.locator('.picture').first().boundingBox()];
    expect(box!.x).toBeGreaterThan(picture!.x);
    expect(box!.y + box!.height).toBeLessThan(picture!.y + picture!.height);
    await page.locator('.findings summary').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const open = page.locator('.findings details[open]');
    expect(await textOf(open)).toMatch(/As printed\s*6\.8 mmol\/L.*As coded\s*6\.8 mmol\/L.*2823-3/);
    expect(await textOf(page.getByRole('region', { name: 'Where this comes from' }))).toMatch(/sha-256/);
    await shot('4-evidence-document');
  });

  test('the evidence of a comparison: both films, swiped, and the difference', async () => {
    await page.goto(`${address}/#sample-effusion`);
    await page.getByRole('heading', { name: 'Trialsby, Horatio' }).waitFor();
    await page.locator('.card', { hasText: /worsened/ }).waitFor({ timeout: READ_MS });
    await shot('5-effusion');
    await page.getByRole('link', { name: 'Show the evidence' }).click();
    await page.getByRole('img', { name: /^Current/ }).waitFor();
    await page.getByRole('img', { name: /^Prior/ }).waitFor();
    await page.getByText(/aligned by the reader’s registration/).waitFor();
    expect(await page.locator('.mark.worsened').count()).toBeGreaterThan(0);
    await page.locator('.findings > li.worsened').first().hover();
    await shot('6-evidence-films');
    await page.getByRole('button', { name: 'Swipe' }).click();
    await page.getByRole('slider').fill('30');
    expect(await page.locator('.panel.current').evaluate((panel) => getComputedStyle(panel).clipPath)).toContain('30%');
    await shot('7-swipe');
    await page.getByRole('application').focus();
    await page.keyboard.press('d');
    expect(await page.getByRole('button', { name: 'Difference' }).getAttribute('aria-pressed')).toBe('true');
    await shot('8-difference');
    await page.keyboard.press('o');
    await until(async () => (await naturalWidth('.reader-picture img')) > 100, 20_000);
  });

  test('results are judged on the review page: one rejected, the others accepted, and the page shows it', async () => {
    await page.goto(`${address}/#sample-duplicate`);
    await page.getByText('5 values read').waitFor({ timeout: READ_MS });
    await page.getByRole('link', { name: 'Show the evidence' }).first().click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    const rows = page.locator('.findings > li');
    expect(await rows.count()).toBe(5);
    await rows.first().locator('summary').click();
    await shot('9-judge');
    await rows
      .first()
      .getByRole('button', { name: /^Reject/ })
      .click();
    await page.getByText('1 result rejected.').waitFor();
    await page.getByRole('button', { name: /^Accept all/ }).click();
    await page.getByText('4 results accepted.').waitFor();
    expect(await page.getByRole('button', { name: /^(Accept|Reject)/ }).count()).toBe(0);
    await shot('10-judged');
    await page.reload();
    await rows.first().waitFor();
    const states = await rows.allTextContents();
    expect(states.filter((text) => /rejected/.test(text))).toHaveLength(1);
    expect(states.filter((text) => /accepted/.test(text))).toHaveLength(4);
    expect(await textOf(page.getByRole('note'))).toMatch(/^Read by machine, accepted or rejected by a person/);
  });

  test('what could not be read says so and writes nothing', async () => {
    await page.goto(`${address}/#sample-unreadable`);
    await page.getByText('Nothing was written.').waitFor({ timeout: READ_MS });
    expect(await textOf(page.locator('.written'))).toMatch(/document-(damaged|unreadable)/);
    await page.getByText('cannot be displayed').waitFor();
    await shot('11-unreadable');
  });

  test('the status page: how the work goes, without a word of a patient', async () => {
    await page.goto(`${address}/#sample-potassium`);
    await page.getByRole('link', { name: /idle|running/ }).click();
    await page.getByRole('heading', { name: 'Ended jobs' }).waitFor();
    await until(async () => (await textOf(page.getByRole('status'))) === 'Ready.', READ_MS);
    const row = (name: RegExp) => page.getByRole('row', { name });
    await until(async () => /completed\s*\d+/.test(await textOf(row(/^completed/))), READ_MS);
    expect(await textOf(row(/^Oldest job/))).toMatch(/Oldest job/);
    expect(await textOf(row(/^embedded/))).toMatch(/\d+ readings in [\d.]+ (s|min)/);
    expect(await textOf(page.locator('#work'))).not.toMatch(/sample-|Patient|Mockford|Observation/);
    await page.screenshot({ path: join(shots, '13-status.png') });
  });

  test('dark, narrow and unknown', async () => {
    const dark = await newPage('dark');
    await dark.setViewportSize({ width: 700, height: 1000 });
    await dark.goto(`${address}/#sample-potassium`);
    await dark.locator('.card.critical').waitFor({ timeout: READ_MS });
    expect(await dark.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await dark.screenshot({ path: join(shots, '12-dark-narrow.png'), fullPage: true });
    await dark.close();
  });

  test('nothing in the browser complained: no console error, no policy violated, nothing loaded from elsewhere', () => {
    // a picture of the broken file is asked for and refused, and that is all
    const expected = /sample-unreadable-report\/pages\/1\.png$/;
    expect(complaints.filter((complaint) => !expected.test(complaint))).toEqual([]);
  });
});

async function newPage(colorScheme: 'light' | 'dark'): Promise<Page> {
  const fresh = await browser.newPage({ viewport: { width: 1500, height: 950 }, colorScheme });
  fresh.setDefaultTimeout(20_000);
  fresh.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      complaints = [...complaints, `${message.text()} ${message.location().url}`];
    }
  });
  fresh.on('pageerror', (error) => {
    complaints = [...complaints, error.message];
  });
  fresh.on('request', (request) => {
    if (!request.url().startsWith(address)) {
      complaints = [...complaints, `asked for ${request.url()}`];
    }
  });
  await fresh.exposeFunction('complain', (directive: string) => {
    complaints = [...complaints, `policy violated: ${directive}`];
  });
  await fresh.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective }) => {
      (globalThis as unknown as { complain(directive: string): void }).complain(violatedDirective);
    });
  });
  return fresh;
}

/** What an element says, white space collapsed. */
async function textOf(locator: Locator): Promise<string> {
  return ((await locator.textContent()) ?? '').replace(/\s+/g, ' ').trim();
}

function naturalWidth(selector: string): Promise<number> {
  return page
    .locator(selector)
    .first()
    .evaluate((image) => (image as HTMLImageElement).naturalWidth);
}

async function shot(name: string): Promise<void> {
  await page.screenshot({ path: join(shots, `${name}.png`) });
}

async function until(holds: () => Promise<boolean>, milliseconds: number): Promise<void> {
  const end = Date.now() + milliseconds;
  for (;;) {
    if (await holds().catch(() => false)) {
      return;
    }
    if (service.child.exitCode !== null || Date.now() > end) {
      throw new Error(`Waited in vain. The service said:\n${service.lines.slice(-20).join('\n')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
