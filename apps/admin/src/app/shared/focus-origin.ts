/**
 * Where the focus belongs after a dialog that is opened now: to what has it, or, as the item of a menu goes away with the menu,
 * to the button that opened that.
 */
export function focusOrigin(): HTMLElement | true {
  const menu = document.activeElement?.closest('[role=menu]');
  return menu?.id ? (document.querySelector<HTMLElement>(`[aria-controls="${menu.id}"]`) ?? true) : true;
}
