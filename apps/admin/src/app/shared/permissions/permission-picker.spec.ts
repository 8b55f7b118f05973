import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { INITIAL_TEXTS } from '../../core/language';
import { EN } from '../../core/texts/en';
import type { Texts } from '../../core/texts/texts';
import type { PermissionGroup } from './permission-groups';
import { PermissionPicker } from './permission-picker';

const group = (api: string, count: number): PermissionGroup => ({
  api,
  description: null,
  permissions: Array.from({ length: count }, (_, index) => ({
    name: `${api}:a${index}`,
    description: `Action ${index} of ${api}.`,
  })),
});
const MANY = Array.from({ length: 200 }, (_, index) => group(`api-${index}`, 50));

let fixture: ComponentFixture<PermissionPicker>;

async function render(groups: readonly PermissionGroup[], inputs: Record<string, unknown> = {}) {
  TestBed.configureTestingModule({ providers: [{ provide: INITIAL_TEXTS, useValue: EN as Texts }] });
  fixture = TestBed.createComponent(PermissionPicker);
  Object.entries({ groups, selected: [], ...inputs }).forEach(([name, value]) =>
    fixture.componentRef.setInput(name, value),
  );
  await fixture.whenStable();
}

const page = () => fixture.nativeElement as HTMLElement;
const boxes = () => [...page().querySelectorAll('mat-checkbox')];
const box = (text: string) => boxes().find((one) => one.textContent.includes(text));

async function search(text: string) {
  const field = page().querySelector('input[type=search]') as HTMLInputElement;
  field.value = text;
  field.dispatchEvent(new Event('input'));
  await fixture.whenStable();
}

describe('PermissionPicker', () => {
  it('opens all groups of few permissions, without a search field', async () => {
    await render([group('orders', 2), group('reports', 0)]);

    expect(boxes().map((one) => /All|orders:a\d/.exec(one.textContent)?.[0])).toEqual([
      'All',
      'orders:a0',
      'orders:a1',
    ]);
    expect(page().querySelector('input[type=search]')).toBeNull();
  });

  it('renders only the groups with a selected permission of 10,000', async () => {
    await render(MANY, { selected: ['api-7:a3'] });

    expect(page().querySelectorAll('.group')).toHaveLength(200);
    expect(boxes()).toHaveLength(51);
  });

  it('shows at most 100 matches of a search, and the number of others', async () => {
    await render(MANY);
    await search('action 7');

    expect(page().querySelectorAll('code + .second-line')).toHaveLength(100);
    expect(page().textContent).toContain('100 more match.');
  });

  it('disables permissions with a reason, except selected ones', async () => {
    await render([group('orders', 3)], {
      selected: ['orders:a0'],
      reasonFor: (name: string) => (name === 'orders:a2' ? null : 'Anna does not hold this.'),
    });

    expect(box('orders:a1')?.textContent).toContain('Anna does not hold this.');
    expect(box('orders:a1')?.querySelector('input')?.getAttribute('aria-disabled')).toBe('true');
    expect(box('orders:a0')?.querySelector('input')?.getAttribute('aria-disabled')).toBeNull();
  });

  it('selects all permissions of a group that can be selected', async () => {
    await render([group('orders', 3)], {
      reasonFor: (name: string) => (name === 'orders:a1' ? 'No.' : null),
    });
    box('All of orders')?.querySelector('input')?.click();
    await fixture.whenStable();

    expect(fixture.componentInstance.selected()).toEqual(['orders:a0', 'orders:a2']);
  });
});
