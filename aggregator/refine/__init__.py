"""All pure: from drafts to articles, tags and stories."""
