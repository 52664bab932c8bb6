"""From stories to files: pages, feeds, embeds, banners."""
