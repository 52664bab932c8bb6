<?xml version="1.0" encoding="utf-8"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:a="http://www.w3.org/2005/Atom" exclude-result-prefixes="a">
<xsl:output method="html" encoding="utf-8" doctype-system="about:legacy-compat"/>
<xsl:template match="/">
<html lang="vi">
<head>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title><xsl:value-of select="rss/channel/title | a:feed/a:title"/></title>
<link rel="stylesheet" href="{{ asset("site.css") }}"/>
<link rel="stylesheet" href="{{ asset("accent.css") }}"/>
</head>
<body>
<main class="wrap narrow">
<header class="page-head">
<p class="kicker">Nguồn cấp dữ liệu</p>
<h1><xsl:value-of select="rss/channel/title | a:feed/a:title"/></h1>
<p class="page-about">Đây là nguồn cấp dành cho ứng dụng đọc tin. Sao chép địa chỉ trên thanh địa chỉ rồi dán vào ứng dụng. <a href="{{ link(at.SUBSCRIBE) }}">Cách đăng ký</a></p>
</header>
<div class="stream">
<xsl:for-each select="rss/channel/item">
<article class="card"><p class="card-meta"><xsl:value-of select="source"/></p><h2 class="card-title"><a href="{link}"><xsl:value-of select="title"/></a></h2><p class="card-lead"><xsl:value-of select="description"/></p></article>
</xsl:for-each>
<xsl:for-each select="a:feed/a:entry">
<article class="card"><p class="card-meta"><xsl:value-of select="a:source/a:title"/></p><h2 class="card-title"><a href="{a:link[@rel='alternate']/@href}"><xsl:value-of select="a:title"/></a></h2><p class="card-lead"><xsl:value-of select="a:summary"/></p></article>
</xsl:for-each>
</div>
</main>
</body>
</html>
</xsl:template>
</xsl:stylesheet>
