// Element Plus's styles per component, then the page's own colours, which override them.
import 'element-plus/theme-chalk/base.css'
import 'element-plus/theme-chalk/el-alert.css'
import 'element-plus/theme-chalk/el-button.css'
import 'element-plus/theme-chalk/el-icon.css'
import 'element-plus/theme-chalk/el-switch.css'
import 'element-plus/theme-chalk/dark/css-vars.css'
import './theme.css'
