import { focusOrigin, keepFocusWhilePressing } from './focus';

const focus = (id: string): void => document.getElementById(id)?.focus();

describe('focusOrigin', () => {
  beforeEach(() => {
    document.body.innerHTML = `
      <button id="more" aria-controls="menu-1">More</button>
      <div role="menu" id="menu-1"><button id="delete">Delete</button></div>
      <div role="menu" id="menu-2"><button id="lost">Of a menu without a button</button></div>`;
  });

  afterEach(() => document.body.replaceChildren());

  it('returns the button of the menu whose item is focused', () => {
    focus('delete');

    expect(focusOrigin()).toBe(document.getElementById('more'));
  });

  it.each(['more', 'lost'])('is what has the focus otherwise: %s', (id) => {
    focus(id);

    expect(focusOrigin()).toBe(true);
  });
});

describe('keepFocusWhilePressing', () => {
  beforeAll(() => keepFocusWhilePressing(document));

  beforeEach(() => {
    document.body.innerHTML = `
      <input id="field" class="ng-untouched ng-invalid" />
      <a href="#"><span id="link">Forgot your password?</span></a>
      <button id="button">Cancel</button>
      <mat-checkbox><div id="checkbox"></div></mat-checkbox>
      <mat-radio-button><div id="radio"></div></mat-radio-button>
      <div role="tab" id="tab">Access</div>
      <input id="other" />
      <p id="text">Text to select</p>`;
  });

  afterEach(() => document.body.replaceChildren());

  /** Presses an element while the field has the focus, and returns whether the focus stays. */
  const keepsFocus = (id: string, classes = 'ng-untouched ng-invalid'): boolean => {
    document.getElementById('field')?.setAttribute('class', classes);
    focus('field');
    const press = new MouseEvent('mousedown', { bubbles: true, cancelable: true });
    document.getElementById(id)?.dispatchEvent(press);
    return press.defaultPrevented;
  };

  it.each(['link', 'button', 'checkbox', 'radio', 'tab'])('keeps the focus for a %s', (id) => {
    expect(keepsFocus(id)).toBe(true);
  });

  it.each(['other', 'text'])('lets the user focus or select: %s', (id) => {
    expect(keepsFocus(id)).toBe(false);
  });

  it.each(['ng-touched ng-invalid', 'ng-untouched ng-valid'])(
    'changes nothing for a field that is %s',
    (classes) => {
      expect(keepsFocus('button', classes)).toBe(false);
    },
  );
});
