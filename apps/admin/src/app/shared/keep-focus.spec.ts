import { ChangeDetectionStrategy, Component, signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { KeepFocus } from './keep-focus';

@Component({
  imports: [KeepFocus],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <main>
      <h1 tabindex="-1">Heading</h1>
      <ul appKeepFocus>
        @for (row of rows(); track row) {
          <li>
            <a href="#" data-row>{{ row }}</a>
            <button type="button">Revoke {{ row }}</button>
          </li>
        }
      </ul>
    </main>
  `,
})
class Rows {
  readonly rows = signal(['one', 'two', 'three']);
}

let fixture: ComponentFixture<Rows>;

beforeEach(async () => {
  fixture = TestBed.createComponent(Rows);
  document.body.append(fixture.nativeElement as HTMLElement);
  await fixture.whenStable();
});

afterEach(() => (fixture.nativeElement as HTMLElement).remove());

const focused = () => document.activeElement?.textContent;

async function removeFocused(row: string): Promise<void> {
  [...document.querySelectorAll('button')]
    .find(({ textContent }) => textContent === `Revoke ${row}`)
    ?.focus();
  fixture.componentInstance.rows.update((rows) => rows.filter((other) => other !== row));
  await fixture.whenStable();
}

describe('KeepFocus', () => {
  it('moves the focus of a removed row to the next one', async () => {
    await removeFocused('two');

    expect(focused()).toBe('three');
  });

  it('moves it to the last row when there is no next one', async () => {
    await removeFocused('three');

    expect(focused()).toBe('two');
  });

  it('moves it to the heading when no row is left', async () => {
    fixture.componentInstance.rows.set(['one']);
    await fixture.whenStable();
    await removeFocused('one');

    expect(focused()).toBe('Heading');
  });

  it('takes the focus from no other element', async () => {
    document.querySelector<HTMLElement>('h1')?.focus();
    fixture.componentInstance.rows.set(['one']);
    await fixture.whenStable();

    expect(focused()).toBe('Heading');
  });

  it('takes the focus from no dialog', async () => {
    document.querySelector('main')?.setAttribute('aria-hidden', 'true');
    await removeFocused('two');

    expect(document.activeElement).toBe(document.body);
  });

  it('moves it after a dialog that still had the focus when the row was removed', async () => {
    const rows = fixture.componentInstance.rows;
    const overlay = document.createElement('div');
    overlay.className = 'cdk-overlay-container';
    overlay.innerHTML = '<button type="button">Confirm</button>';
    document.body.append(overlay);
    [...document.querySelectorAll('button')][1]?.focus();
    overlay.querySelector('button')?.focus();
    rows.set(['one', 'three']);
    await fixture.whenStable();

    overlay.remove();
    rows.set(['one', 'three', 'four']);
    await fixture.whenStable();

    expect(focused()).toBe('three');
  });
});
