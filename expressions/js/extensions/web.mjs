// Addresses in text: URLs, domains, e-mail.

const HOST = String.raw`(?:localhost|\d{1,3}(?:\.\d{1,3}){3}|(?:[\w-]+\.)+(?:xn--[a-z0-9-]+|[a-z]{2,}))`;
const URL = new RegExp(String.raw`(?:https?|ftp):\/\/${HOST}\S*`, 'i');
const WHOLE_URL = new RegExp(`^${URL.source}$`, 'i');
const REST = String.raw`(?::\d+)?(?:[/?#]\S*)?$`;
const DOMAIN = new RegExp(`^${HOST}(?=${REST})`, 'i');
const HOST_OF_URL = new RegExp(String.raw`^(?:(?:https?|ftp):)?\/\/(${HOST})${REST}`, 'i');
const MAILBOX = String.raw`(?:[^<>()[\]\\.,;:\s@"]+(?:\.[^<>()[\]\\.,;:\s@"]+)*|".+")`;
const EMAIL = new RegExp(String.raw`${MAILBOX}@(?:\[\d{1,3}(?:\.\d{1,3}){3}\]|(?:[a-z0-9-]+\.)+[a-z]{2,})`, 'i');

export const isUrl = (text) => WHOLE_URL.test(text);
export const isDomain = (text) => DOMAIN.test(text);
export const isEmail = (text) => !text.includes(' ') && EMAIL.test(text);
export const extractUrl = (text) => URL.exec(text)?.[0];
export const extractEmail = (text) => EMAIL.exec(text)?.[0];

export function extractDomain(text) {
  if (isEmail(text)) return extractEmail(text).split('@').at(-1);
  return HOST_OF_URL.exec(text)?.[1] ?? DOMAIN.exec(text)?.[0];
}

export const extractUrlPath = (text) => {
  const found = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*([^?#]*)/i.exec(text);
  return found ? found[1] || '/' : undefined;
};
