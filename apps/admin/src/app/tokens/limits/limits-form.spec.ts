import { EN } from '../../core/texts/en';
import { errorText } from '../../shared/forms/field-error';
import { changedLimits, limitsForm, limitsIn, limitsOf } from './limits-form';

const NONE = limitsOf({});
const LIMITS = limitsOf({
  allowedAddresses: ['192.0.2.7', '2001:db8::/32'],
  notBefore: '2026-11-26T08:00:30.000Z',
  maxUses: 5,
  rateLimit: { limit: 10, windowSeconds: 90 },
  metadata: { tenant: 'acme' },
});

/** Returns the error of a field with a text. */
function errorOf(name: 'allowedAddresses' | 'limit' | 'maxUses' | 'metadata', text: string): string | null {
  const control = limitsForm(NONE).controls[name];
  control.setValue(text);
  return errorText(control.errors, EN);
}

describe('limitsForm', () => {
  it('keeps the limits of a token that are not edited', () => {
    expect(changedLimits(LIMITS, limitsIn(limitsForm(LIMITS), LIMITS))).toEqual({});
    expect(limitsIn(limitsForm(NONE), NONE)).toEqual(NONE);
  });

  it('returns edited limits, and null for removed ones', () => {
    const form = limitsForm(LIMITS);
    form.patchValue({ allowedAddresses: ' 10.0.0.0/8,\n192.0.2.9 ', limit: '', maxUses: '7', metadata: '' });

    expect(changedLimits(LIMITS, limitsIn(form, LIMITS))).toEqual({
      allowedAddresses: ['10.0.0.0/8', '192.0.2.9'],
      rateLimit: null,
      maxUses: 7,
      metadata: null,
    });
  });

  it.each([
    ['allowedAddresses', '10.0.0.1/8', EN.fields.hostBits('10.0.0.0/8')],
    ['allowedAddresses', 'example.com', EN.fieldRules['isNetwork']],
    ['allowedAddresses', '10.0.0.0/8 192.0.2.1', null],
    ['metadata', '[1]', EN.fieldRules['isMetadata']],
    ['metadata', '{"a"', EN.fieldRules['isMetadata']],
    ['metadata', '{"a": 1}', null],
    ['limit', '', null],
    ['maxUses', '12', null],
  ] as const)('has for %s %j the error %j', (name, text, error) => {
    expect(errorOf(name, text)).toBe(error);
  });

  it.each(['limit', 'maxUses'] as const)('rejects 0 and fractions as %s', (name) => {
    expect(['0', '1.5', '-1'].map((text) => errorOf(name, text) !== null)).toEqual([true, true, true]);
  });
});
