// Copies a text and says so; where the clipboard is closed, the text is selected for the person to copy.
import { t } from '../i18n/index.js';
import { toast } from './toast.js';

/** @param {string} text */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Plain HTTP on the local network has no clipboard; a selection still works there.
    const area = document.createElement('textarea');
    area.value = text;
    (document.querySelector('dialog[open]') ?? document.body).append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  toast({ text: t('copied') });
}
