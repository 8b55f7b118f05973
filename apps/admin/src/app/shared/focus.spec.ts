import { focusOrigin } from './focus';

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
