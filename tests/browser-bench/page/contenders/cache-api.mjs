// The Cache API, which what a service worker keeps is usually in.

export async function cacheApi() {
  const cache = await caches.open("bench");
  const text = async (url) => (await cache.match(url)).text();
  return {
    name: "Cache API",
    async clear() {
      for (const request of await cache.keys()) await cache.delete(request);
    },
    async keep(list) {
      await Promise.all(list.map(({ url, body, head }) => cache.put(url, new Response(body, head))));
    },
    read: text,
    readAll: (urls) => Promise.all(urls.map(text)),
  };
}
